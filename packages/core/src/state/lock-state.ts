import type { Locks } from "./lock.ts";
import { describeReadError, type StateProblem } from "./unreadable.ts";

/** The holder of a lock. Without either field the lock is free. With a `problem` it is unknown whether the lock is free. */
export interface LockState {
  /** The process id of the live holder, or 0 if it is unknown. */
  readonly holder?: number;
  readonly problem?: StateProblem;
}

export async function readLockState(locks: Locks, path: string): Promise<LockState> {
  try {
    const holder = await locks.holder(path);
    return holder === undefined ? {} : { holder };
  } catch (error) {
    return { problem: describeLockProblem(path, error) };
  }
}

export function describeLockProblem(path: string, error: unknown): StateProblem {
  const { errcode, code } = error as { errcode?: number; code?: string };
  const reason =
    errcode === notADatabase
      ? "It was overwritten."
      : code === "ERR_SQLITE_ERROR"
        ? cannotOpen
        : describeReadError(error);
  const message = `${reason} It is unknown whether a process holds it. If no unitrain process is running, remove the file.`;
  return { kind: "lock", file: path, message };
}

/** SQLite's `SQLITE_NOTADB`. */
const notADatabase = 26;
const cannotOpen = "It cannot be opened.";
