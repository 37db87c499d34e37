import type { Resource } from "../spec/index.ts";
import { isLeaseOf } from "./lease-folder.ts";
import { type FoundLease, isHeldBy } from "./lease-list.ts";
import { isBetweenAttempts } from "./ledger-state.ts";
import type { FoundRun } from "./run-list.ts";

type RunWithLeases = Pick<FoundRun, "id" | "leases" | "reading">;

/** Lists the unreleased resources of all leases that the run holds. */
export function listUnreleased({ id, leases }: Pick<FoundRun, "id" | "leases">): readonly Resource[] {
  return leases.filter((lease) => isHeldBy(lease, id)).flatMap(({ state }) => state.unreleased);
}

/**
 * Finds the lease that the run's controller holds, which belongs to the newest attempt. Returns undefined if another run has taken
 * the lease, and between two attempts unless the next lease is already planned.
 */
export function findCurrentLease({ id, leases, reading: { state } }: RunWithLeases): FoundLease | undefined {
  const held = leases.filter((lease) => isHeldBy(lease, id));
  if (state.attempt > 0 && !isBetweenAttempts(state))
    return held.find((lease) => lease.id === state.leases[0]) ?? held.find((lease) => lease.id === "");
  const earlierLeases = new Set(state.endedAttempts.flatMap((attempt) => attempt.leases));
  return held.findLast(
    (lease) => !earlierLeases.has(lease.id) && (lease.id === "" || isLeaseOf(lease.id, id)),
  );
}

/** Lists the paths of the locks that a controller holds, in the order in which they are taken: the lease, then the run. */
export function listLockPaths(found: RunWithLeases & Pick<FoundRun, "folder">): readonly string[] {
  const lease = findCurrentLease(found);
  return lease === undefined ? [found.folder.lock] : [lease.folder.lock, found.folder.lock];
}
