import type { Plan } from "@unitrain/core";
import { formatUsd } from "@unitrain/core/spec";
import { counted, duration } from "./figures.ts";

/** `$8.00 in all = 3h33m; enforced by …`: what ends a run by itself, and who sees to it. None without a limit. */
export function limitText(plan: Plan): string[] {
  const amount = limitAmount(plan);
  if (amount === undefined) return plan.provider.ownership === "rented" ? [noLimit] : [];
  return [`${amount}; enforced by ${enforcer(plan)}: not while it sleeps`];
}

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

const noLimit = "none: it costs until the training is over; --budget or --max-hours sets one";

function enforcer({ provider }: Plan): string {
  return provider.ownership === "rented" ? "this computer and its guardian" : "this computer";
}
