import type { Runs } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { styled } from "../terminal/render/line.ts";
import { writeLines } from "../terminal/write.ts";

/** Starts a guardian for runs that cost money or have a limit and that no process drives, and reports them in one line. */
export async function reportOrphanedRuns(
  runs: Pick<Runs, "wakeGuardian">,
  { stderr }: Pick<CliContext, "stderr">,
): Promise<void> {
  // Errors in the records are reported by the commands that read them.
  const { runs: alone, missing } = await runs.wakeGuardian().catch(() => ({ runs: [], missing: undefined }));
  if (alone.length === 0) return;
  const names = alone.join(", ");
  const text =
    missing === undefined
      ? `No process was driving ${names}, so the guardian does now. To see more: unitrain runs. To end: unitrain gc`
      : `No process drives ${names}, and no guardian can be started: ${missing}. To end: unitrain gc`;
  writeLines(stderr, [[styled("yellow", "! "), text]]);
}
