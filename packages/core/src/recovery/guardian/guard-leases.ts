import { type FoundLease, readLease } from "../../state/lease-list.ts";
import { findHolder } from "../../state/lease-state.ts";
import type { Locks } from "../../state/lock.ts";
import { describeLockProblem } from "../../state/lock-state.ts";
import { createUnreadableError, mustNotBeActedOn } from "../../state/unreadable.ts";
import type { Clock } from "../../time/clock.ts";
import type { LoneLeaseOptions } from "../gc/collect-lone-leases.ts";
import type { Problems } from "./problems.ts";

/** A run or a lease that must be guarded. */
export interface GuardTarget {
  readonly id: string;
  readonly name: string;
  /** Starts to drive or release it. Resolves with undefined while another process does so, or when there is nothing to do yet. */
  readonly startDriving: () => Promise<{ readonly driving: Promise<void> } | undefined>;
}

interface GuardLeaseOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly releaseLease: LoneLeaseOptions["releaseLease"];
  readonly showStatus?: ((message: string) => void) | undefined;
}

/** Lists the leases without a responsible run that may cost money. A kept machine is released when its time is over, others at once. */
export function listLeaseTargets(
  options: GuardLeaseOptions,
  lone: readonly FoundLease[],
  problems: Problems,
): readonly GuardTarget[] {
  return lone.filter(needsRelease).map((found) => ({
    id: found.id,
    name: found.id,
    startDriving: () => startDriving(options, found, problems),
  }));
}

/** Whether the lease may cost money and its records are readable enough to release it. */
export function needsRelease({ state, reading }: FoundLease): boolean {
  return state.unreleased.length > 0 && !mustNotBeActedOn(reading.problem);
}

/** Whether the machine is kept and its time is not over. */
export function isKept({ state }: FoundLease, nowMs: number): boolean {
  return state.keepUntil !== undefined && !state.releasing && nowMs < Date.parse(state.keepUntil);
}

async function startDriving(
  { home, clock, locks, releaseLease, showStatus = () => {} }: GuardLeaseOptions,
  wanted: FoundLease,
  problems: Problems,
): Promise<{ readonly driving: Promise<void> } | undefined> {
  if (isKept(wanted, clock.now())) return undefined;
  const lock = await locks.take(wanted.folder.lock).catch((error) => {
    throw createUnreadableError(describeLockProblem(wanted.folder.lock, error));
  });
  if (lock === undefined) return undefined;
  const found = await readLease(home, wanted.id, true);
  const isSame = found !== undefined && findHolder(found.state)?.runId === findHolder(wanted.state)?.runId;
  // The process that held the lock before may have released the lease, or taken it for another run.
  if (!isSame || !needsRelease(found) || isKept(found, clock.now())) {
    await lock.release();
    return undefined;
  }
  const report = { id: found.id, name: found.id };
  const drive = async () => {
    try {
      showStatus(`${found.id}: releasing it, because no run uses it`);
      const { reason } = await releaseLease(found, lock, (message) => problems.showStatus(report, message));
      const after = await readLease(home, found.id, true);
      if (after === undefined || after.state.unreleased.length > 0) problems.report(report, reason);
      else problems.clear(report);
    } catch (error) {
      problems.report(report, error instanceof Error ? error.message : String(error));
    }
  };
  return { driving: drive() };
}
