import { spawn } from "node:child_process";

/** What a program said, and how it ended. */
export interface ProgramResult {
  /** Undefined when it could not be started, or did not end in time. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A locked keychain asks a person, who may be away. */
const timeoutMs = 60_000;

/** Runs a program with a text as its input: what is secret must not stand in an argument, which every user of the computer can see. */
export function runWithInput(
  [program = "", ...words]: readonly string[],
  input: string,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let [stdout, stderr] = ["", ""];
    const child = spawn(program, words, { stdio: "pipe", timeout: timeoutMs });
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", () => resolve({ exitCode: undefined, stdout, stderr: `${program} is not here` }));
    child.on("close", (code) => resolve({ exitCode: code ?? undefined, stdout, stderr }));
    // A program that ends before it has read everything says so by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
