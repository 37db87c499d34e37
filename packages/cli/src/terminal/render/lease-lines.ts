import type { LeaseSummary } from "@unitrain/core";
import { formatDuration, formatUsd } from "@unitrain/view";
import { type Line, styled, wrapText } from "./line.ts";
import { describePossibleCost } from "./possible-cost.ts";

/** Renders leases that cost money without a run: machines that are kept for the next run, and machines that must be released. */
export function renderLeases(leases: readonly LeaseSummary[], width: number, now: number): Line[] {
  return leases.flatMap((lease) =>
    wrapText(describe(lease, now), width - 2).map(
      (text, at): Line => [styled("yellow", at === 0 ? "! " : "  "), text],
    ),
  );
}

function describe(
  { id, stage, machine, priceUsdPerHour, keepUntil, unreleased, problem }: LeaseSummary,
  now: number,
): string {
  if (problem !== undefined)
    return `${id}: ${problem.file}: ${problem.message} ${describePossibleCost({ mayCost: unreleased, priceUsdPerHour })}`;
  const price = priceUsdPerHour === undefined ? "" : ` (${formatUsd(priceUsdPerHour)}/h)`;
  if (stage === "idle" && keepUntil !== undefined)
    return `${machine}${price} is kept for the next run for another ${formatDuration(Math.max(0, (Date.parse(keepUntil) - now) / 1000))}; to release it now: unitrain gc`;
  return `${machine}${price} of lease ${id} is not confirmed gone and belongs to no run: unitrain gc`;
}
