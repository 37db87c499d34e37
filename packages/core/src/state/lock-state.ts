import type { Locks } from "./lock.ts";
import { describeReadError, type StateProblem } from "./unreadable.ts";

/** Who holds a lock. Neither field: it is free. With a `problem` nobody knows, and nothing may take it for free. */
export interface LockState {
  /** Process id of a living holder; 0 when it does not tell. */
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
  const message = `${reason} So nobody knows whether a process holds it. When no process of unitrain is left, remove the file.`;
  return { kind: "lock", file: path, message };
}

/** SQLite's `SQLITE_NOTADB`. */
const notADatabase = 26;
const cannotOpen = "It cannot be opened.";
