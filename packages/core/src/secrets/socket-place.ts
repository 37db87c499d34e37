import { lstat, mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { readPlainFile } from "../state/read-plain-file.ts";
import { replaceFile } from "../state/write-file.ts";

/** The longest path of a Unix socket that every system accepts. Linux allows 107 bytes, and macOS 103. */
const longestPathBytes = 103;
const folderPrefix = "unitrain-guardian-";
const socketName = "values";

/** Records, in the state folder, where the guardian's socket is. */
const getRecordPath = (home: string) => join(home, "guardian-socket");

/**
 * Returns the folders in which a socket may be created, best first. The state folder may have a path that is too long, or be on a file
 * system without sockets.
 */
export function listSocketBases(home: string): readonly string[] {
  return [home, process.env.XDG_RUNTIME_DIR, tmpdir()].filter(
    (base) =>
      base !== undefined &&
      isAbsolute(base) &&
      Buffer.byteLength(join(base, `${folderPrefix}XXXXXX`, socketName)) <= longestPathBytes,
  ) as string[];
}

/** Creates a folder for a socket, which only this user can enter, and returns the path of the socket. */
export async function makeSocketPath(base: string): Promise<string> {
  return join(await mkdtemp(join(base, folderPrefix)), socketName);
}

/** Records the path of the socket for other processes. */
export async function recordSocket(home: string, path: string): Promise<void> {
  await replaceFile(getRecordPath(home), `${path}\n`);
}

/** Returns the recorded path of the guardian's socket if it is safe to connect to it: it and its folder belong to this user alone. */
export async function findSocket(home: string): Promise<string | undefined> {
  const path = await readRecord(home);
  return path !== undefined && (await belongsToUserAlone(path)) ? path : undefined;
}

/** Removes a socket with its folder, if they are recorded. A guardian that was killed has left them. */
export async function removeSocket(home: string): Promise<void> {
  const path = await readRecord(home);
  if (path === undefined) return;
  await rm(path, { force: true }).catch(() => {});
  await rmdir(dirname(path)).catch(() => {});
  await rm(getRecordPath(home), { force: true }).catch(() => {});
}

async function readRecord(home: string): Promise<string | undefined> {
  const path = (await readPlainFile(getRecordPath(home)).catch(() => "")).trim();
  const isOurs = basename(path) === socketName && basename(dirname(path)).startsWith(folderPrefix);
  return isOurs ? path : undefined;
}

/** Whether the path is a socket of this user in a folder that nobody else can enter. */
export async function belongsToUserAlone(path: string): Promise<boolean> {
  const user = process.geteuid?.();
  try {
    const [socket, folder] = await Promise.all([lstat(path), lstat(dirname(path))]);
    return (
      socket.isSocket() &&
      folder.isDirectory() &&
      socket.uid === user &&
      folder.uid === user &&
      (folder.mode & 0o077) === 0
    );
  } catch {
    return false;
  }
}
