import { spawn } from "node:child_process";
import { constants } from "node:os";
import { UnitrainError } from "@unitrain/core/spec";

/** Runs a program in our place, on our terminal; answers its exit code, as a shell would for a signal. */
export function runInPlace([program = "", ...words]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: "inherit" });
    // Ctrl-C belongs to what runs there: the terminal sends it to both of us.
    const hold = () => {};
    process.on("SIGINT", hold);
    child.on("error", (cause: NodeJS.ErrnoException) => reject(cannotStart(program, cause)));
    child.on("close", (code, signal) => {
      process.off("SIGINT", hold);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function cannotStart(program: string, cause: NodeJS.ErrnoException): UnitrainError {
  // A folder of the PATH that may not be read makes "not found" look like "not allowed".
  const missing = cause.code === "ENOENT" || (cause.code === "EACCES" && !program.includes("/"));
  return new UnitrainError(
    "NOT_AVAILABLE",
    missing
      ? `The program ${program} is not on this computer.`
      : `${program} could not be started: ${cause.message}`,
    { hint: "Install OpenSSH's client; unitrain ssh --print shows what it would be called with.", cause },
  );
}
