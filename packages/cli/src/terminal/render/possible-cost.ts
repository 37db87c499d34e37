import type { Resource, StateProblem } from "@unitrain/core";
import { formatUsd } from "@unitrain/view";

/** Returns a sentence such as `It may still cost $0.07/h: instance 7f3a, and perhaps more.` */
export function describePossibleCost(run: {
  readonly mayCost: readonly Resource[];
  readonly priceUsdPerHour?: number | undefined;
}): string {
  const price = run.priceUsdPerHour === undefined ? "" : ` ${formatUsd(run.priceUsdPerHour)}/h`;
  const resourceNames = run.mayCost.map(({ kind, id, name }) => `${kind} ${id ?? name}`).join(", ");
  if (resourceNames === "")
    return `It is unknown what it rented; it may still cost${price === "" ? " money" : price}.`;
  return `It may still cost${price}: ${resourceNames}, and perhaps more.`;
}

/** Returns what to do about a run whose records are incomplete. */
export function createSearchHint(problem: StateProblem | undefined, provider: string | undefined): string {
  const on = provider === undefined || provider === "unknown" ? "<provider>" : provider;
  const search = `unitrain gc --untracked --on ${on}`;
  if (problem?.kind === "newer")
    return `Use the newer unitrain: npx @unitrain/cli@latest gc. To list what is rented: ${search}`;
  if (problem?.kind === "lock") return "Then run: unitrain gc";
  return `Search for it: ${search}. Remove the run's folder when nothing of it exists any more.`;
}
