import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect } from "vitest";
import { scratchFolders } from "./scratch.ts";

export const scriptedProgram = [
  process.execPath,
  "--conditions=@unitrain/source",
  fileURLToPath(new URL("./scripted-bin.ts", import.meta.url)),
];

/** Compiled code is kept between tests: it halves the start of each program. */
export const compileCache = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url)),
};

export interface Started {
  readonly child: ChildProcess;
  /** Both outputs so far. */
  readonly text: () => string;
  readonly ended: Promise<number | null>;
  /** What was asked of the engine; readable once it has ended. */
  readonly readCalls: () => string;
  /** Resolves when this was printed. */
  readonly printed: (sign: string) => Promise<void>;
}

/** Starts the program with a scripted training in a process of its own, without a terminal; killed after the test. */
export function processes() {
  const scratch = scratchFolders();
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
  return (words: readonly string[], env: Readonly<Record<string, string>> = {}): Started => {
    const callsFile = join(scratch(), "asked");
    const [command = "", ...rest] = scriptedProgram;
    const child = spawn(command, [...rest, ...words], {
      env: { PATH: process.env.PATH, STORY_ASKED: callsFile, ...compileCache, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        text += String(chunk);
      });
    }
    return {
      child,
      text: () => text,
      ended: new Promise((resolve) => child.on("close", resolve)),
      readCalls: () => readFileSync(callsFile, "utf8"),
      printed: (sign) => expect.poll(() => text, { timeout: 20_000 }).toContain(sign),
    };
  };
}
