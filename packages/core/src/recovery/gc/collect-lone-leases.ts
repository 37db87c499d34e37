import type { GcOptions, GcReport } from "../../api/gc-report.ts";
import { listLoneLeases } from "../../lease/lone-leases.ts";
import { isProven } from "../../lease/release.ts";
import type { ReleasedLease } from "../../lease/release-lone-lease.ts";
import { type FoundLease, readLease } from "../../state/lease-list.ts";
import { findHolder } from "../../state/lease-state.ts";
import type { Lock, Locks } from "../../state/lock.ts";
import { describeLockProblem, readLockState } from "../../state/lock-state.ts";
import type { FoundRun } from "../../state/run-list.ts";
import { mustNotBeActedOn, type StateProblem } from "../../state/unreadable.ts";

export interface LoneLeaseOptions extends GcOptions {
  readonly home: string;
  readonly locks: Locks;
  /** Releases a lease using only its own ledger, then releases its lock. */
  readonly releaseLease: (
    found: FoundLease,
    lock: Lock,
    showStatus: (message: string) => void,
  ) => Promise<ReleasedLease>;
}

/** Releases the leases that no run is responsible for, in parallel, so that one that hangs does not delay the others. */
export async function collectLoneLeases(
  options: LoneLeaseOptions,
  runs: readonly FoundRun[],
): Promise<Partial<GcReport>> {
  const lone = await listLoneLeases(options.home, runs);
  const ofRuns = new Set(runs.flatMap(({ leases }) => leases.map(({ id }) => id)));
  const parts = await Promise.all(
    lone
      .filter(({ state, reading }) => state.unreleased.length > 0 && !mustNotBeActedOn(reading.problem))
      .map(async (found): Promise<Partial<GcReport>> => {
        try {
          return await collectLease(options, found);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          return {
            unconfirmed: found.state.unreleased.map((resource) => ({
              ...getLastHolder(found),
              resource,
              reason,
            })),
          };
        }
      }),
  );
  return {
    runs: parts.flatMap(({ runs = [] }) => runs),
    released: parts.flatMap(({ released = [] }) => released),
    driven: parts.flatMap(({ driven = [] }) => driven),
    pending: parts.flatMap(({ pending = [] }) => pending),
    unconfirmed: parts.flatMap(({ unconfirmed = [] }) => unconfirmed),
    unreadable: [
      // A problem of a run's lease is reported with the run.
      ...lone.filter(({ id }) => !ofRuns.has(id)).flatMap((found) => reportUnreadable(found)),
      ...parts.flatMap(({ unreadable = [] }) => unreadable),
    ],
  };
}

async function collectLease(options: LoneLeaseOptions, found: FoundLease): Promise<Partial<GcReport>> {
  const { locks, home, showStatus = () => {} } = options;
  const { unreleased } = found.state;
  let lock: Lock | undefined;
  try {
    lock = await locks.take(found.folder.lock);
  } catch (error) {
    return { unreadable: reportUnreadable(found, describeLockProblem(found.folder.lock, error)) };
  }
  if (lock === undefined) {
    const { holder: pid = 0 } = await readLockState(locks, found.folder.lock);
    return {
      driven: [
        {
          ...getLastHolder(found),
          name: found.id,
          pid,
          guarded: false,
          releasing: found.state.releasing,
          unreleased,
        },
      ],
    };
  }
  const again = await readLease(home, found.id, true).catch(async (error) => {
    await lock.release();
    throw error;
  });
  if (again === undefined || hasChanged(found, again)) {
    await lock.release();
    const problem = again?.reading.problem;
    return problem === undefined ? {} : { unreadable: reportUnreadable(found, problem) };
  }
  if (options.dryRun === true) {
    await lock.release();
    return { pending: again.state.unreleased.map((resource) => ({ ...getLastHolder(found), resource })) };
  }
  const { proven, reason } = await options.releaseLease(again, lock, (message) =>
    showStatus(`${found.id}: ${message}`),
  );
  const after = await readLease(home, found.id, true);
  const isLost = after === undefined || after.reading.entries < again.reading.entries;
  const { state } = after ?? again;
  return {
    ...(isLost ? { unreadable: reportUnreadable(after ?? again, after?.reading.problem) } : {}),
    runs: [getLastHolder(found).runId],
    released: state.proofs.slice(found.state.proofs.length).map(({ resource }) => resource),
    unconfirmed: (isLost ? again.state : state).unreleased.map((resource) => ({
      ...getLastHolder(found),
      resource,
      reason,
      ...(isProven({ proven }, resource) ? { isGone: true as const } : {}),
    })),
  };
}

/** Whether another attempt holds the lease by now, or some of its entries can no longer be read. */
function hasChanged(before: FoundLease, after: FoundLease): boolean {
  if (after.reading.entries < before.reading.entries) return true;
  const [held, holds] = [findHolder(before.state), findHolder(after.state)];
  return held?.runId !== holds?.runId || held?.attempt !== holds?.attempt;
}

/** Returns the run that held the lease last, under which reports list the lease. */
function getLastHolder({ id, state }: FoundLease): { readonly runId: string } {
  return { runId: state.holdings.at(-1)?.runId ?? id };
}

function reportUnreadable(found: FoundLease, problem: StateProblem | undefined = found.reading.problem) {
  if (problem === undefined) return [];
  const { provider, quote, unreleased } = found.state;
  return [
    {
      ...getLastHolder(found),
      name: found.id,
      problem,
      mayCost: [...unreleased, ...found.reading.mentionedResources],
      ...(provider === undefined ? {} : { provider: provider.name }),
      ...(quote === undefined ? {} : { priceUsdPerHour: quote.priceUsdPerHour }),
    },
  ];
}
