import { calculateCostUsd, type Quote } from "../spec/index.ts";
import type { LeaseHolder } from "../state/lease-entry.ts";
import type { Holding, LeaseState } from "../state/lease-state.ts";

/** A period that costs money, in milliseconds since 1970. */
export interface PaidTime {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The cost of one part of a lease's time, in whole cents. */
export interface CostShare {
  readonly paid: PaidTime | undefined;
  readonly costUsd: number;
}

/**
 * Returns the period in which a paid resource was confirmed to exist: until the last of them was confirmed gone, or until now.
 * Returns undefined if there was none, because a launch that never happened costs nothing.
 * https://github.com/skypilot-org/skypilot/issues/1751
 */
export function getPaidTime(
  { paidSince, unreleased, proofs }: LeaseState,
  nowMs: number,
): PaidTime | undefined {
  if (paidSince === undefined) return undefined;
  const costs = ({ free }: { readonly free?: boolean }) => free !== true;
  const gone = proofs.filter(({ resource }) => costs(resource)).map(({ goneAt }) => Date.parse(goneAt));
  const untilMs = unreleased.some(costs) || gone.length === 0 ? nowMs : Math.max(...gone);
  const fromMs = Date.parse(paidSince);
  return { fromMs, untilMs: Math.max(fromMs, untilMs) };
}

/** Returns the whole cost of a lease at list price, in whole cents: at least one cent if anything was paid for. */
export function calculatePaidUsd(lease: LeaseState, quote: Quote, nowMs: number): number {
  const paid = getPaidTime(lease, nowMs);
  return paid === undefined ? 0 : runningTotal(paid, quote, paid.untilMs);
}

/**
 * Returns the cost of a lease while an attempt held it, at list price. Shares are differences of the lease's running total in whole
 * cents. So the shares of all holdings and of the idle time between them add up to the lease's total, and none of them changes later.
 */
export function calculateHoldingCost(
  lease: LeaseState,
  quote: Quote,
  { from, until }: Pick<Holding, "from" | "until">,
  nowMs: number,
): CostShare {
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  return costBetween(lease, quote, { fromMs: Date.parse(from), untilMs }, nowMs);
}

/** Returns the cost of a lease while nobody held it, up to now or to its end. */
export function calculateIdleCost(lease: LeaseState, quote: Quote, nowMs: number): number {
  return sumShares(listIdleTimes(lease.holdings).map((time) => costBetween(lease, quote, time, nowMs)));
}

/** Returns a run's share of the cost of its leases, up to now or to their end. */
export function calculateRunCost(leases: readonly LeaseState[], quote: Quote, options: RunFilter): number {
  return sumShares(listShares(leases, quote, options));
}

/** Returns the periods in which a run held something that costs money. */
export function listPaidTimes(
  leases: readonly LeaseState[],
  { quote, ...options }: RunFilter & { readonly quote: Quote },
): readonly PaidTime[] {
  return listShares(leases, quote, options).flatMap(({ paid }) => paid ?? []);
}

/** Returns how long a kept machine was idle before the run took it; undefined if the run took no kept machine. */
export function measureIdleTime(
  leases: readonly LeaseState[],
  { quote, runId }: { readonly quote: Quote; readonly runId: string },
): { readonly seconds: number; readonly costUsd: number } | undefined {
  const shares = leases.flatMap((lease) => {
    const taken = lease.holdings.findIndex((holding) => holding.runId === runId);
    const time = listIdleTimes(lease.holdings.slice(0, taken + 1)).at(taken - 1);
    return taken < 1 || time === undefined
      ? []
      : [costBetween(lease, lease.quote ?? quote, time, time.untilMs)];
  });
  if (shares.length === 0) return undefined;
  const ms = shares.reduce((sum, { paid }) => sum + (paid === undefined ? 0 : paid.untilMs - paid.fromMs), 0);
  return { seconds: ms / 1000, costUsd: sumShares(shares) };
}

interface RunFilter {
  readonly runId: string;
  readonly nowMs: number;
}

/** The times in which attempts held the lease. A damaged ledger may not tell: then it is all of one unknown holder. */
export function listHoldings({
  holdings,
  paidSince,
}: LeaseState): readonly (Pick<Holding, "from" | "until"> & Partial<LeaseHolder>)[] {
  return holdings.length > 0 || paidSince === undefined ? holdings : [{ from: paidSince }];
}

function listShares(
  leases: readonly LeaseState[],
  quote: Quote,
  { runId, nowMs }: RunFilter,
): readonly CostShare[] {
  return leases.flatMap((lease) =>
    listHoldings(lease)
      .filter((holding) => (holding.runId ?? runId) === runId)
      .map((holding) => calculateHoldingCost(lease, lease.quote ?? quote, holding, nowMs)),
  );
}

/** Adds up amounts of whole cents. */
export function sumShares(shares: readonly { readonly costUsd: number }[]): number {
  return roundToCents(shares.reduce((sum, { costUsd }) => sum + costUsd, 0));
}

function costBetween(lease: LeaseState, quote: Quote, time: PaidTime, nowMs: number): CostShare {
  const paid = getPaidTime(lease, nowMs);
  if (paid === undefined) return { paid: undefined, costUsd: 0 };
  const fromMs = Math.max(time.fromMs, paid.fromMs);
  const untilMs = Math.min(time.untilMs, paid.untilMs);
  const totalAt = (ms: number) => runningTotal(paid, quote, ms);
  // The holder at the first cost pays the upfront charge.
  const before = time.fromMs <= paid.fromMs ? 0 : totalAt(fromMs);
  if (untilMs < fromMs || time.untilMs <= paid.fromMs) return { paid: undefined, costUsd: 0 };
  return { paid: { fromMs, untilMs }, costUsd: roundToCents(Math.max(0, totalAt(untilMs) - before)) };
}

/** Returns the cost of a lease up to a time, in whole cents. */
function runningTotal({ fromMs, untilMs }: PaidTime, quote: Quote, ms: number): number {
  const usd = calculateCostUsd((Math.min(Math.max(ms, fromMs), untilMs) - fromMs) / 1000, quote);
  return usd === 0 ? 0 : Math.max(0.01, roundToCents(usd));
}

function listIdleTimes(holdings: readonly Holding[]): readonly PaidTime[] {
  return holdings.flatMap(({ until }, at) => {
    if (until === undefined) return [];
    const next = holdings[at + 1]?.from;
    return [
      {
        fromMs: Date.parse(until),
        untilMs: next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next),
      },
    ];
  });
}

function roundToCents(usd: number): number {
  return Math.round(Number((usd * 100).toPrecision(12))) / 100;
}
