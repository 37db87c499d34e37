import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { createProcessContext } from "./process-context.ts";

/** Runs the command line of this process, and exits with its exit code. */
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

/** Reports an uncaught error or rejected promise like every other error. A training that runs continues without this process. */
async function fail(error: unknown, context: CliContext): Promise<void> {
  const { createErrorReport } = await import("../terminal/render/error.ts");
  const { reportError } = await import("../terminal/report-error.ts");
  const { maskTexts } = await import("../terminal/mask-texts.ts");
  const report = maskTexts(createErrorReport(error));
  reportError(report, error, context, process.argv.includes("--json"), maskTexts);
  process.exit(exitCodes.failed);
}

/** Hides Node's warnings about its experimental modules (`node:sqlite`), because they are of no use to the user. Other warnings are shown. */
function quietExperimentalWarnings(): void {
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") for (const listener of listeners) listener(warning);
  });
}

/** Ignores that the reader of the output is gone (`unitrain runs | head -1`, a closed window), because the work must continue. */
function leaveClosedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE" || error.code === "EIO" || error.code === "ERR_STREAM_DESTROYED") return;
  process.exitCode = 1;
  process.exit();
}

/** Waits until a stream is flushed before the process exits, because pipes are written asynchronously on some systems. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write("", () => resolve());
  });
}
