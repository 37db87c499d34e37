import { appendFile, open, readFile, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./write-file.ts";

/** The file of a ledger. Tests replace it to fill the disk, or to kill the process at every write. */
export interface LedgerFile {
  /** Appends a line and resolves once it is on disk. */
  append(line: string): Promise<void>;
}

/**
 * The file of a ledger on disk. Each line is synced to disk before `append` resolves, and the file is closed between two calls. The
 * file appears together with its first line, so an empty ledger has always lost entries.
 */
export async function openLedgerFile(path: string): Promise<LedgerFile> {
  await cutTornLine(path);
  await syncFolder(dirname(path));
  return {
    append: async (line) => ((await exists(path)) ? appendLine(path, line) : createWith(path, line)),
  };
}

async function appendLine(path: string, line: string): Promise<void> {
  const handle = await open(path, "a", 0o600);
  try {
    const start = (await handle.stat()).size;
    try {
      await handle.appendFile(line);
      await handle.datasync();
    } catch (error) {
      // A partial line is removed so that it does not damage the next one. Truncating works even on a full disk.
      await handle.truncate(start).catch(() => {});
      throw error;
    }
  } finally {
    await handle.close();
  }
}

async function createWith(path: string, line: string): Promise<void> {
  const temporary = `${path}.part`;
  await rm(temporary, { force: true });
  try {
    await appendLine(temporary, line);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

async function cutTornLine(path: string): Promise<void> {
  if (!(await exists(path))) return;
  await appendFile(path, "", { mode: 0o600 });
  const content = await readFile(path);
  const end = content.lastIndexOf(0x0a) + 1;
  if (end < content.length) await truncate(path, end);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
