import type { Plan } from "@unitrain/core/spec";
import { formatUsd } from "@unitrain/core/spec";
import { counted, duration } from "./format.ts";

/** `$8.00 in all = 3h33m`. */
export function limitAmount({ budgetUsd, maxHours, limit }: Plan): string | undefined {
  const time = limit === undefined ? "" : ` = ${duration(limit.seconds)}`;
  const parts = [
    ...(budgetUsd === undefined ? [] : [`${formatUsd(budgetUsd)} in all`]),
    ...(maxHours === undefined ? [] : [counted(maxHours, "hour")]),
  ];
  if (parts.length === 0) return undefined;
  // Hours alone say it themselves.
  return `${parts.join(" or ")}${budgetUsd === undefined ? "" : time}`;
}

/** ` ($8.00)`, behind a moment at which a run is stopped. */
export function limitBudget({ budgetUsd }: Plan): string {
  return budgetUsd === undefined ? "" : ` (${formatUsd(budgetUsd)})`;
}
