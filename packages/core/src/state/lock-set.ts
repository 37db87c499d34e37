import type { Lock, Locks } from "./lock.ts";
import { describeLockProblem } from "./lock-state.ts";
import type { StateProblem } from "./unreadable.ts";

/** Several locks that are released together. */
export interface LockSet extends Lock {
  add(lock: Lock): void;
}

/** Takes all the locks in the given order, or none. Resolves with undefined, without waiting, if one of them is held. */
export async function takeLocks(
  locks: Locks,
  paths: readonly string[],
): Promise<LockSet | { readonly problem: StateProblem } | undefined> {
  const set = createLockSet();
  for (const path of new Set(paths)) {
    try {
      const lock = await locks.take(path);
      if (lock !== undefined) {
        set.add(lock);
        continue;
      }
    } catch (error) {
      await set.release();
      return { problem: describeLockProblem(path, error) };
    }
    await set.release();
    return undefined;
  }
  return set;
}

function createLockSet(...locks: Lock[]): LockSet {
  const held = [...locks];
  return {
    add: (lock) => void held.push(lock),
    async release() {
      for (const lock of held.splice(0).reverse()) await lock.release();
    },
  };
}
