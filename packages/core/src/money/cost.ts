import type { Quote } from "../spec/index.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/** What is known of an hour's price; what is unknown of it is shown in the plan. */
export function hourlyUsd({ priceUsdPerHour, otherUsdPerHour }: Quote): number {
  return priceUsdPerHour + (otherUsdPerHour === "unknown" ? 0 : otherUsdPerHour);
}

/** What so many seconds cost at list price: whole ticks, and never less than what is owed at launch. */
export function costUsd(seconds: number, quote: Quote): number {
  const ticks = Math.ceil(Math.max(0, seconds) / quote.billingTickSeconds) * quote.billingTickSeconds;
  const upfrontUsd = quote.upfrontUsd === "unknown" ? 0 : quote.upfrontUsd;
  return Math.max(upfrontUsd, (ticks / 3600) * hourlyUsd(quote));
}

/**
 * Only time in which something was confirmed to be there counts, to the moment in which the last of it was seen to be gone:
 * a launch that never happened cost nothing. https://github.com/skypilot-org/skypilot/issues/1751
 */
export function paidSoFarUsd(state: LedgerState, quote: Quote, nowMs: number): number {
  if (state.paidSince === undefined) return 0;
  const gone = state.proofs.map(({ goneAt }) => Date.parse(goneAt));
  const untilMs = state.unreleased.length > 0 || gone.length === 0 ? nowMs : Math.max(...gone);
  return costUsd((untilMs - Date.parse(state.paidSince)) / 1000, quote);
}
