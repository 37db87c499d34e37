import { spawn } from "node:child_process";
import { constants } from "node:os";
import { UnitrainError } from "@unitrain/core/spec";

/** Runs a program on the terminal of this process, and resolves with its exit code. For a signal this is 128 plus its number, as in a shell. */
export function runInPlace([program = "", ...words]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: "inherit" });
    // The terminal sends Ctrl-C to both processes. Only the program may handle it.
    const ignore = () => {};
    process.on("SIGINT", ignore);
    child.on("error", (cause: NodeJS.ErrnoException) => reject(cannotStart(program, cause)));
    child.on("close", (code, signal) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function cannotStart(program: string, cause: NodeJS.ErrnoException): UnitrainError {
  // If a folder in the PATH may not be read, the error of a missing program is EACCES.
  const missing = cause.code === "ENOENT" || (cause.code === "EACCES" && !program.includes("/"));
  return new UnitrainError(
    "NOT_AVAILABLE",
    missing
      ? `The program ${program} is not on this computer.`
      : `${program} could not be started: ${cause.message}`,
    {
      hint: "Install the OpenSSH client. `unitrain ssh --print` shows the command that it would run.",
      cause,
    },
  );
}
