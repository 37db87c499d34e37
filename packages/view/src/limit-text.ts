import type { Plan } from "@unitrain/core/spec";
import { formatCount, formatUsd } from "@unitrain/core/spec";
import { formatDuration } from "./format/duration.ts";

/** `$8.00 in all = 3h33m`. */
export function formatLimit({ budgetUsd, maxHours, limit }: Plan): string | undefined {
  const time = limit === undefined ? "" : ` = ${formatDuration(limit.seconds)}`;
  const parts = [
    ...(budgetUsd === undefined ? [] : [`${formatUsd(budgetUsd)} in all`]),
    ...(maxHours === undefined ? [] : [formatCount(maxHours, "hour")]),
  ];
  if (parts.length === 0) return undefined;
  // Hours alone say it themselves.
  return `${parts.join(" or ")}${budgetUsd === undefined ? "" : time}`;
}

/** ` ($8.00)`, behind a moment at which a run is stopped. */
export function limitBudget({ budgetUsd }: Plan): string {
  return budgetUsd === undefined ? "" : ` (${formatUsd(budgetUsd)})`;
}
