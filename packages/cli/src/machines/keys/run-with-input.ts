import { spawn } from "node:child_process";

/** The output of a program and its exit code. */
export interface ProgramResult {
  /** Undefined if the program could not be started or timed out. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends the program eventually, because a locked keychain waits for a person, who may be away. */
const timeoutMs = 60_000;

/** Runs a program with a text on its standard input. A secret must not be an argument, because every user of the computer can see those. */
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
    child.on("error", () => resolve({ exitCode: undefined, stdout, stderr: `${program} is not installed` }));
    child.on("close", (code) => resolve({ exitCode: code ?? undefined, stdout, stderr }));
    // A program that exits before it has read everything reports this with its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
