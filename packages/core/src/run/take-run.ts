import type { Locks } from "../state/lock.ts";
import { type LockSet, takeLocks } from "../state/lock-set.ts";
import { listLockPaths } from "../state/run-leases.ts";
import { type FoundRun, readRun } from "../state/run-list.ts";
import { createUnreadableError, type StateProblem } from "../state/unreadable.ts";

/** A run for which this process holds the locks of both the run and its lease. */
export interface LockedRun {
  readonly found: FoundRun;
  readonly lock: LockSet;
}

/** How many times to try again when the run moves to another lease before it is locked. */
const maxTries = 3;

/**
 * Takes the locks of a run, its lease's lock first, and reads both again, because the previous holder may have written meanwhile.
 * Returns undefined while another process drives the run.
 *
 * @throws UnitrainError `STATE_UNREADABLE` when entries that were read before can no longer be read.
 */
export async function takeRun(
  locks: Locks,
  wanted: FoundRun,
): Promise<LockedRun | { readonly problem: StateProblem } | undefined> {
  let found = wanted;
  for (let tries = 0; tries < maxTries; tries += 1) {
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

/** Reads a run again. Throws if its ledgers have lost entries, because unreadable resources must not be taken for released ones. */
export async function readAgain(found: FoundRun): Promise<FoundRun> {
  const again = await readRun(found.folder.home, found.id);
  const problem = again === undefined ? createLossProblem(found.folder.ledger) : findLoss(found, again);
  if (again === undefined || problem !== undefined)
    throw createUnreadableError(problem ?? createLossProblem(found.folder.ledger));
  return again;
}

/** Returns why entries of the run or its leases can no longer be read, or undefined if none were lost. */
export function findLoss(before: FoundRun, after: FoundRun): StateProblem | undefined {
  if (after.reading.entries < before.reading.entries)
    return after.reading.problem ?? createLossProblem(before.folder.ledger);
  for (const lease of before.leases) {
    const { reading } = after.leases.find(({ id }) => id === lease.id) ?? {};
    if (reading === undefined || reading.entries < lease.reading.entries)
      return reading?.problem ?? createLossProblem(lease.folder.ledger);
  }
  return undefined;
}

function createLossProblem(file: string): StateProblem {
  return { kind: "unreadable", file, message: "It was removed or replaced while it was in use." };
}
