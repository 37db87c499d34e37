import { rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isMissingOrPlain, readPlainFile } from "./read-plain-file.ts";
import { replaceFile } from "./write-file.ts";

/** A lock that this process holds. The operating system releases it when the process ends, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

/** Locks between processes, each identified by the absolute path of a file. */
export interface Locks {
  /** Takes a lock; resolves with undefined, without waiting, if another process holds it. */
  take(path: string): Promise<Lock | undefined>;
  /** Resolves with the process id of the holder, 0 if its id cannot be read, or undefined if the lock is free. Rejects if none of these is certain. */
  holder(path: string): Promise<number | undefined>;
}

/**
 * Locks of the operating system, taken through SQLite, which works the same on Linux, macOS and Windows. A lock file that contains
 * a process id would outlive `kill -9`, and a reused id cannot be told from a live holder.
 */
export const systemLocks: Locks = {
  async take(path) {
    let database = await tryToTake(path);
    for (let tries = 1; database === undefined && tries < 4; tries += 1) {
      // A process that only checks the holder (below) holds the lock for a moment.
      await sleep(50);
      database = await tryToTake(path);
    }
    if (database === undefined) return undefined;
    await writeHolder(path, database);
    return {
      async release() {
        if (database.isOpen) database.close();
      },
    };
  },
  async holder(path) {
    // Opening a missing file would create it.
    if (await isMissing(path)) return undefined;
    const database = await openDatabase(path);
    try {
      database.exec("PRAGMA busy_timeout = 0; BEGIN; SELECT name FROM sqlite_master");
      return undefined;
    } catch (error) {
      if (!isBusy(error)) throw error;
      return await readHolder(path);
    } finally {
      database.close();
    }
  },
};

async function tryToTake(path: string) {
  const database = await openDatabase(path);
  try {
    // Nothing is written to the database, and a journal file would need space on a disk that may be full.
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/**
 * Writes this process's id, or removes the previous holder's id if that fails. Otherwise another process might end the wrong
 * process. Removing works even on a full disk, and a missing id reads as 0.
 */
async function writeHolder(path: string, database: { close(): void }): Promise<void> {
  try {
    await replaceFile(`${path}.holder`, `${process.pid}\n`);
  } catch (error) {
    // On a read-only file system the lock is shared, so the holder's id is never read.
    if ((error as NodeJS.ErrnoException).code === "EROFS") return;
    await rm(`${path}.holder`, { force: true }).catch(() => {});
    if ((await readHolder(path)) === 0) return;
    database.close();
    throw error;
  }
}

async function readHolder(path: string): Promise<number> {
  const text = await readPlainFile(`${path}.holder`).catch(() => "");
  return /^\d{1,10}\n?$/.test(text) ? Number(text) : 0;
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === 5;
}

/** Opens the database. SQLite is imported only when needed, because Node 22 and 24 print a warning and many commands take no lock. */
async function openDatabase(path: string) {
  if (!(await isMissingOrPlain(path))) throw new Error(`${path} is not a file that can be opened`);
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  return new DatabaseSync(path);
}
