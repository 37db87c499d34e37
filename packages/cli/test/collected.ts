import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { CliContext, Output, SignalName } from "../src/context/cli-context.ts";
import type { Script } from "./script.ts";
import { createScriptedEngine } from "./scripted-engine.ts";

/** A stream that keeps what was written to it. */
export function createCollector(terminal?: {
  readonly columns: number;
}): Output & { readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  const kind = terminal === undefined ? {} : { isTTY: true, columns: terminal.columns, rows: 40 };
  return Object.assign(stream, kind, { text: () => chunks.join("") });
}

let folder: string | undefined;

/** Never the state folder of whoever runs the tests. */
function stateFolder(): string {
  if (folder === undefined) {
    const created = mkdtempSync(join(tmpdir(), "unitrain-cli-home-"));
    process.once("exit", () => rmSync(created, { recursive: true, force: true }));
    folder = created;
  }
  return folder;
}

/** A context without a terminal, and all that was said and asked in them. */
export function createCollectingContext(script: Script, changes: Partial<CliContext> = {}) {
  const env = { UNITRAIN_HOME: stateFolder(), ...changes.env };
  const { engine, calls, planned, assembled } = createScriptedEngine(script, env.UNITRAIN_HOME);
  const stdout = createCollector();
  const stderr = createCollector();
  const signals = new EventEmitter();
  const exits: number[] = [];
  const context: CliContext = {
    folder: "/project",
    stdin: {},
    stdout,
    stderr,
    signals,
    now: Date.now,
    exit: (code) => void exits.push(code),
    run: async (words) => {
      calls.push(`run ${JSON.stringify(words)}`);
      return 7;
    },
    engine: async () => engine,
    ...changes,
    env,
  };
  const send = (name: SignalName) => signals.emit(name);
  return { context, stdout, stderr, calls, planned, assembled, exits, send };
}
