import type { Runs } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { clean } from "../terminal/render/clean.ts";
import { paintLines, styled } from "../terminal/render/line.ts";

/** Starts a guardian for runs that cost money or have a limit and that no process drives, and reports them in one line. */
export async function reportOrphanedRuns(
  runs: Pick<Runs, "wakeGuardian">,
  { stderr }: Pick<CliContext, "stderr">,
): Promise<void> {
  // Errors in the records are reported by the commands that read them.
  const { runs: alone, missing } = await runs.wakeGuardian().catch(() => ({ runs: [], missing: undefined }));
  if (alone.length === 0) return;
  const names = alone.map(clean).join(", ");
  const text =
    missing === undefined
      ? `No process was driving ${names}, so the guardian does now. To see more: unitrain runs. To end: unitrain gc`
      : `No process drives ${names}, and no guardian can be started: ${clean(missing)}. To end: unitrain gc`;
  for (const line of paintLines([[styled("yellow", "! "), text]], stderr)) stderr.write(`${line}\n`);
}
