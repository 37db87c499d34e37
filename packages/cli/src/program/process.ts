import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { createProcessContext } from "./process-context.ts";

/** Runs a command line as this process: its arguments go in, its exit code comes out. */
export async function runAsProcess(
  main: (words: readonly string[], context: CliContext) => Promise<ExitCode>,
  context = createProcessContext(),
): Promise<void> {
  quietExperimentalWarnings();
  for (const stream of [process.stdout, process.stderr]) stream.on("error", leaveClosedOutput);
  process.on("uncaughtException", (error) => void fail(error, context));
  const exitCode = await main(process.argv.slice(2), context);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(exitCode);
}

/** What nobody caught (a rejected promise too): told like every other error. A training that runs goes on without us. */
async function fail(error: unknown, context: CliContext): Promise<void> {
  const { reportOf } = await import("../terminal/render/error.ts");
  const { reportError } = await import("../terminal/report-error.ts");
  reportError(reportOf(error), error, context, process.argv.includes("--json"));
  process.exit(exitCodes.failed);
}

/** Node's own remarks on its modules (`node:sqlite`) are no business of the person before the screen; other warnings are. */
function quietExperimentalWarnings(): void {
  const others = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") for (const listener of others) listener(warning);
  });
}

/** A reader that went away (`unitrain runs | head -1`, a closed window) ends the showing, not the work. */
function leaveClosedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE" || error.code === "EIO" || error.code === "ERR_STREAM_DESTROYED") return;
  process.exitCode = 1;
  process.exit();
}

/** Pipes are written to asynchronously on some systems: what was printed must be out before the process is. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write("", () => resolve());
  });
}
