import type { StoredItem } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import { formatBytes, formatCount } from "@unitrain/view";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import type { Flags } from "../settings/flags.ts";
import { parseAge } from "../settings/parse-age.ts";
import { askToConfirm } from "../terminal/ask.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { renderStoredItems } from "../terminal/render/stored-table.ts";
import { canAsk } from "../terminal/screen/screen.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

const defaultAge = "30d";

/** Removes environments, datasets and runs that nothing has used for a while from a machine. */
export async function clean(flags: Flags, context: CliContext): Promise<ExitCode> {
  const olderThanMs = parseAge(flags.olderThan ?? defaultAge);
  if (olderThanMs === undefined) {
    throw new UnitrainError("INVALID_OPTIONS", `--older-than ${flags.olderThan} is not an age.`, {
      hint: "Write days, hours or weeks: --older-than 30d, 12h, 2w, 0.",
    });
  }
  const { engine, stdout, stderr } = context;
  const machine = await (await engine()).machine({ on: flags.on ?? "local" });
  let old: readonly StoredItem[] = [];
  const choose = async (items: readonly StoredItem[]) => {
    old = items.filter(({ inUse, usedAt }) => inUse === undefined && Date.now() - usedAt >= olderThanMs);
    if (flags.json !== true) writeLines(stdout, renderStoredItems(items, old, measureWidth(stdout)));
    const isConfirmed =
      flags.dryRun !== true && old.length > 0 && (await confirmRemoval(old, flags, context));
    return isConfirmed ? old : [];
  };
  const showStatus = (message: string) => writeLines(stderr, [message]);
  const { items, removed } = await machine.clean({ choose, showStatus });
  const listPaths = (stored: readonly StoredItem[]) => stored.map(({ path }) => path);
  if (flags.json === true)
    writeJson(stdout, { items, chosen: listPaths(old), removed: listPaths(removed) }, 2);
  else writeLines(stdout, [describeOutcome(old, removed, flags)]);
  const isComplete = flags.dryRun === true || removed.length === old.length || removed.length === 0;
  return isComplete ? exitCodes.done : exitCodes.failed;
}

async function confirmRemoval(
  chosen: readonly StoredItem[],
  flags: Flags,
  context: CliContext,
): Promise<boolean> {
  if (flags.yes === true) return true;
  if (flags.json === true || !canAsk(context)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      "Removing folders needs a confirmation, but there is no terminal to ask on.",
      {
        hint: "Add --yes to remove them, or --dry-run to only list them.",
      },
    );
  }
  const message = `Remove ${formatCount(chosen.length, "folder")}, ${formatBytes(formatItemBytes(chosen))}?`;
  return askToConfirm({ message }, false);
}

function describeOutcome(
  chosen: readonly StoredItem[],
  removed: readonly StoredItem[],
  { dryRun }: Flags,
): string {
  if (chosen.length === 0) return "There is nothing old and unused to remove.";
  if (dryRun === true)
    return `${formatCount(chosen.length, "folder")}, ${formatBytes(formatItemBytes(chosen))}, would be removed.`;
  return removed.length === 0
    ? "Nothing was removed."
    : `Removed ${formatCount(removed.length, "folder")}, ${formatBytes(formatItemBytes(removed))}.`;
}

function formatItemBytes(items: readonly StoredItem[]): number {
  return items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
