import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A helper program of a link. It runs until `end`, and at most as long as this process. */
export interface Program {
  /** The first line that it printed. */
  readonly line: string;
  end(): Promise<void>;
}

/** Starts a program of this folder, behind a prefix such as `ip netns exec <name>`, and waits for its first line. */
export async function startProgram(
  file: string,
  words: readonly string[],
  prefix: readonly string[] = [],
): Promise<Program> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const [program = "", ...argv] = [
    ...prefix,
    process.execPath,
    "--conditions=@unitrain/source",
    path,
    ...words,
  ];
  const child = spawn(program, argv, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, "line"), exited.then(() => undefined)]);
  if (first === undefined) throw new Error(`${file} ended before it was ready`);
  return {
    line: String(first[0]),
    async end() {
      child.stdin.end();
      await exited;
    },
  };
}
