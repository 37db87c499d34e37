import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

const mostTries = 3;

/**
 * Creates a folder and its missing parents. Returns the topmost folder that it created, or undefined if all existed. It does not use
 * Node's recursive `mkdir`, which never returns below `/proc`, where creating a folder fails with ENOENT although its parent exists.
 */
export async function makeFolders(folder: string, mode = 0o777): Promise<string | undefined> {
  for (let tries = 1; ; tries += 1) {
    const { missing } = await listMissingFolders(folder);
    let created: string | undefined;
    try {
      for (const path of missing) if (await makeFolder(path, mode)) created ??= path;
      return created;
    } catch (error) {
      if (created !== undefined) await removeEmptyFolders(folder, created);
      // Another run may have removed a parent that it found empty.
      if (getErrorCode(error) !== "ENOENT" || tries === mostTries) throw error;
    }
  }
}

/** Removes a folder and its parents up to `topmost`, as long as they are empty. */
export async function removeEmptyFolders(folder: string, topmost: string): Promise<void> {
  for (let path = folder; path.length >= topmost.length; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch (error) {
      if (getErrorCode(error) !== "ENOENT") return;
    }
  }
}

/** Returns the nearest existing parent of a folder, and the missing folders below it, topmost first. */
export async function listMissingFolders(
  folder: string,
): Promise<{ readonly existing: string; readonly missing: readonly string[] }> {
  const missing: string[] = [];
  for (let path = folder; ; path = dirname(path)) {
    const found = await stat(path).catch((error: unknown) => {
      // ENOTDIR means that a parent is a file; the loop finds that file on the way up.
      if ((getErrorCode(error) !== "ENOENT" && getErrorCode(error) !== "ENOTDIR") || dirname(path) === path)
        throw error;
      return undefined;
    });
    if (found?.isDirectory()) return { existing: path, missing };
    if (found !== undefined)
      throw Object.assign(new Error(`${path} is not a folder`), { code: "ENOTDIR", path });
    missing.unshift(path);
  }
}

/** Creates a folder; returns false if it exists already. */
async function makeFolder(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    if (getErrorCode(error) === "EEXIST" && (await stat(path)).isDirectory()) return false;
    throw error;
  }
}

function getErrorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
