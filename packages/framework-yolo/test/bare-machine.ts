import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandResult, Environment } from "@unitrain/core/spec";
import { afterAll, afterEach, expect } from "vitest";
import { createEnvironment } from "../src/environment/environment.ts";
import { checkOptions, type YoloOptions } from "../src/options/options.ts";
import { write } from "./drawn-set.ts";
import { createPath, describeThisMachine, killAll, run } from "./this-machine.ts";

/** The programs that our scripts call on a machine, except Python. */
const shellTools = ["sh", "sed", "date", "sleep", "env"];

/** Creates machines that consist of a home folder and a PATH, for the tests of one file; ends and removes everything after them. */
export function createBareMachines() {
  const folder = mkdtempSync(join(tmpdir(), "unitrain-yolo-"));
  afterEach(killAll);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const emptyFolder = () => mkdtempSync(join(folder, "empty-"));
  const home = emptyFolder();
  return {
    home,
    emptyFolder,
    /** The real `python3` behind shims like pyenv's. */
    python: execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim(),
    /** Creates a PATH with only the programs that our scripts call, and these links. */
    path(links: Readonly<Record<string, string>> = {}): string {
      const bin = createPath(folder, ...shellTools);
      for (const [name, target] of Object.entries(links)) symlinkSync(target, join(bin, name));
      return bin;
    },
    /** Writes a program of the test into a PATH. */
    program(bin: string, name: string, text: string): void {
      chmodSync(write(join(bin, name), `#!/bin/sh\n${text}\n`), 0o755);
    },
    run: (argv: readonly string[], env: Readonly<Record<string, string>>) => run({ argv }, home, env),
  };
}

/** Returns the environment that this computer would have in that folder. */
export function createEnvironmentIn(environmentsFolder: string, options: YoloOptions = {}): Environment {
  return createEnvironment(checkOptions(options), describeThisMachine({ environmentsFolder }));
}

/** Returns the explanation of a failed command. */
export function explainFinished(environment: Environment, done: CommandResult): string | undefined {
  expect(done.exitCode, done.stdout + done.stderr).not.toBe(0);
  return environment.explain?.(`${done.stdout}\n${done.stderr}`)?.message;
}
