import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { writeLines } from "../terminal/write.ts";

/** Runs the guardian: the background process that core starts for runs that cost money or have a limit when no other process drives them. Its output goes to a log. */
export async function guard({ engine, stdout, signals }: CliContext): Promise<ExitCode> {
  signals.on("SIGHUP", () => {});
  const runs = await (await engine()).runs();
  await runs.guard({
    ownProcess: true,
    showStatus: (message) => writeLines(stdout, [`${new Date().toISOString()} ${message}`]),
  });
  return exitCodes.done;
}
