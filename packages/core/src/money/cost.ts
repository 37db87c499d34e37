import { calculateCostUsd, type Quote } from "../spec/index.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/** A period that costs money, in milliseconds since 1970. */
export interface PaidTime {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Returns the period in which a paid resource was confirmed to exist: until the last of them was confirmed gone, or until now.
 * Returns undefined if there was none, because a launch that never happened costs nothing.
 * https://github.com/skypilot-org/skypilot/issues/1751
 */
export function getPaidTime(
  { paidSince, unreleased, proofs }: LedgerState,
  nowMs: number,
): PaidTime | undefined {
  if (paidSince === undefined) return undefined;
  const costs = ({ free }: { readonly free?: boolean }) => free !== true;
  const gone = proofs.filter(({ resource }) => costs(resource)).map(({ goneAt }) => Date.parse(goneAt));
  const untilMs = unreleased.some(costs) || gone.length === 0 ? nowMs : Math.max(...gone);
  const fromMs = Date.parse(paidSince);
  return { fromMs, untilMs: Math.max(fromMs, untilMs) };
}

/**
 * Returns the cost of a run at list price. It is rounded to whole cents, so that the shown costs of several runs add up, and is at
 * least one cent if anything was paid for.
 */
export function calculatePaidUsd(state: LedgerState, quote: Quote, nowMs: number): number {
  const paid = getPaidTime(state, nowMs);
  return paid === undefined ? 0 : roundToCents(calculateCostUsd((paid.untilMs - paid.fromMs) / 1000, quote));
}

function roundToCents(usd: number): number {
  return usd === 0 ? 0 : Math.max(1, Math.round(Number((usd * 100).toPrecision(12)))) / 100;
}
