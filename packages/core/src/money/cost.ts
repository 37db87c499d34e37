import { calculateCostUsd, type Quote } from "../spec/index.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/** A time that was paid for, in milliseconds since 1970. */
export interface PaidTime {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Only time in which something that costs was confirmed to be there counts, to the moment in which the last of it was seen
 * to be gone: a launch that never happened cost nothing. https://github.com/skypilot-org/skypilot/issues/1751
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

/** At list price, in whole cents, so that what is shown of several runs adds up; never nothing once something was paid for. */
export function calculatePaidUsd(state: LedgerState, quote: Quote, nowMs: number): number {
  const paid = getPaidTime(state, nowMs);
  return paid === undefined ? 0 : roundToCents(calculateCostUsd((paid.untilMs - paid.fromMs) / 1000, quote));
}

function roundToCents(usd: number): number {
  return usd === 0 ? 0 : Math.max(1, Math.round(Number((usd * 100).toPrecision(12)))) / 100;
}
