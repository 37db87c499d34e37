import type { Locks } from "../state/lock.ts";
import { type LockSet, takeLocks } from "../state/lock-set.ts";
import { listLockPaths } from "../state/run-leases.ts";
import { type FoundRun, readRun } from "../state/run-list.ts";
import { createUnreadableError, type StateProblem } from "../state/unreadable.ts";

/** A run whose locks, and those of its lease, this process holds. */
export interface LockedRun {
  readonly found: FoundRun;
  readonly lock: LockSet;
}

/** How often a run may pass to another lease between the look and the lock. */
const mostTries = 3;

/**
 * Takes the locks of a run, that of its lease first, and reads both again: whoever held them a moment ago may have written
 * meanwhile. Undefined while another process drives it.
 *
 * @throws UnitrainError `STATE_UNREADABLE` when what was there a moment ago cannot be read any more.
 */
export async function takeRun(
  locks: Locks,
  wanted: FoundRun,
): Promise<LockedRun | { readonly problem: StateProblem } | undefined> {
  let found = wanted;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const paths = listLockPaths(found);
    const lock = await takeLocks(locks, paths);
    if (lock === undefined || "problem" in lock) return lock;
    try {
      found = await readAgain(found);
    } catch (error) {
      await lock.release();
      throw error;
    }
    if (listLockPaths(found).join() === paths.join()) return { found, lock };
    await lock.release();
  }
  return undefined;
}

/** What a ledger named a moment ago is not gone because it cannot be read any more. */
export async function readAgain(found: FoundRun): Promise<FoundRun> {
  const again = await readRun(found.folder.home, found.id);
  const problem = again === undefined ? lostMeanwhile(found.folder.ledger) : findLoss(found, again);
  if (again === undefined || problem !== undefined)
    throw createUnreadableError(problem ?? lostMeanwhile(found.folder.ledger));
  return again;
}

/** What can no longer be read of the run or its leases; undefined when nothing was lost. */
export function findLoss(before: FoundRun, after: FoundRun): StateProblem | undefined {
  if (after.reading.entries < before.reading.entries)
    return after.reading.problem ?? lostMeanwhile(before.folder.ledger);
  for (const lease of before.leases) {
    const { reading } = after.leases.find(({ id }) => id === lease.id) ?? {};
    if (reading === undefined || reading.entries < lease.reading.entries)
      return reading?.problem ?? lostMeanwhile(lease.folder.ledger);
  }
  return undefined;
}

function lostMeanwhile(file: string): StateProblem {
  return { kind: "unreadable", file, message: "It was removed or replaced meanwhile." };
}
