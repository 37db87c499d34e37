import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import type { RemoteFile } from "../../../spec/index.ts";
import { createLocalDiskError } from "../../../state/local-disk.ts";
import { syncFolder } from "../../../state/write-file.ts";

/** Moves a complete file to its final path and sets its time to that on the machine, by which `findExisting` recognizes it later. */
export async function publish(
  staged: string,
  localPath: string,
  { modifiedAt }: RemoteFile,
  sync: boolean,
): Promise<number> {
  try {
    await mkdir(dirname(localPath), { recursive: true });
    const { size } = await stat(staged);
    const written = new Date(modifiedAt);
    await utimes(staged, written, written).catch(() => {});
    await rename(staged, localPath);
    if (sync) await syncFolder(dirname(localPath));
    return size;
  } catch (error) {
    throw createLocalDiskError(localPath, error);
  }
}

/** Returns the SHA-256 of a file that an earlier download saved, if its size and time still match the file on the machine. */
export async function findExisting(localPath: string, file: RemoteFile): Promise<string | undefined> {
  const found = await stat(localPath).catch(() => undefined);
  if (!found?.isFile() || found.size !== file.sizeBytes) return undefined;
  if (Math.abs(found.mtimeMs - Date.parse(file.modifiedAt)) >= 1) return undefined;
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(localPath)) hash.update(chunk);
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}
