import type { Resource, StateProblem } from "@unitrain/core";
import { formatUsd } from "@unitrain/view";

/** `It may still cost $0.07/h: instance 7f3a.` */
export function describePossibleCost(run: {
  readonly mayCost: readonly Resource[];
  readonly priceUsdPerHour?: number | undefined;
}): string {
  const price = run.priceUsdPerHour === undefined ? "" : ` ${formatUsd(run.priceUsdPerHour)}/h`;
  const resourceNames = run.mayCost.map(({ kind, id, name }) => `${kind} ${id ?? name}`).join(", ");
  if (resourceNames === "")
    return `What it rented cannot be told; it may still cost${price === "" ? "" : price}.`;
  return `It may still cost${price}: ${resourceNames}, and perhaps more.`;
}

/** What to do about a run whose records do not tell everything. */
export function createSearchHint(problem: StateProblem | undefined, provider: string | undefined): string {
  const on = provider === undefined || provider === "unknown" ? "<provider>" : provider;
  const search = `unitrain gc --untracked --on ${on}`;
  if (problem?.kind === "newer")
    return `Use the newer unitrain: npx @unitrain/cli@latest gc. To see what is rented: ${search}`;
  if (problem?.kind === "lock") return "Then run: unitrain gc";
  return `Look for it: ${search}. When nothing of it is left, remove the run's folder.`;
}
