import type { Runs } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { clean } from "../terminal/render/clean.ts";
import { painted, styled } from "../terminal/render/line.ts";

/** Names in one line what costs money, or has a limit, and is driven by nobody; a guardian then goes on with it. */
export async function reportOrphanedRuns(
  runs: Pick<Runs, "wakeGuardian">,
  { stderr }: Pick<CliContext, "stderr">,
): Promise<void> {
  // Whatever is wrong with the records is told by the commands that are about them.
  const { runs: alone, missing } = await runs.wakeGuardian().catch(() => ({ runs: [], missing: undefined }));
  if (alone.length === 0) return;
  const names = alone.map(clean).join(", ");
  const text =
    missing === undefined
      ? `Nobody drove ${names}: the guardian does now. See unitrain runs, or end it: unitrain gc`
      : `Nobody drives ${names}, and no guardian can be started: ${clean(missing)}. End it: unitrain gc`;
  for (const line of painted([[styled("yellow", "! "), text]], stderr)) stderr.write(`${line}\n`);
}
