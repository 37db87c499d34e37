import { rm, statfs } from "node:fs/promises";
import { getOutputFolder } from "../../../output/get-output-folder.ts";
import { withinFileSystemTimeout } from "../../../state/bounded.ts";
import { createLocalDiskError } from "../../../state/local-disk.ts";
import { makeFolders } from "../../../state/make-folders.ts";
import type { Download } from "./active-download.ts";
import { saysDiskFull } from "./is-of-this-file.ts";
import { getStagingFolder, inOutputFolder, warnSavedElsewhere } from "./output-folder.ts";

/**
 * Writes files other than the model into the output folder. Files that do not fit on its disk go to the state folder, which may be
 * on another disk, because they would be lost when the machine is released. The model stays where it is.
 */
export async function inFolderWithSpace<T>(
  download: Download,
  neededBytes: number,
  write: (folder: string) => Promise<T>,
): Promise<T> {
  const { run } = download;
  const into = getOutputFolder(run.plan, run.ledger.state);
  let full: unknown = await checkFreeSpace(into, neededBytes);
  if (full === undefined) {
    const written = await inOutputFolder(run, (folder) =>
      write(folder).then(
        (value) => ({ value }),
        (error) => {
          if (!saysDiskFull(error)) throw error;
          full = error;
          return undefined;
        },
      ),
    );
    if (written !== undefined) return written.value;
  }
  const folder = getOutputFolder(run.plan, run.ledger.state);
  const { results } = run.folder;
  // Incomplete files are removed, because other files need the space.
  await rm(getStagingFolder(run.plan, folder, download.purpose), { recursive: true, force: true }).catch(
    () => {},
  );
  if (folder === results) throw full;
  await makeFolders(results);
  const written = await write(results).catch((error) => Promise.reject(saysDiskFull(error) ? full : error));
  if (!download.overflow.isReported)
    await warnSavedElsewhere(run, `The disk of ${folder} is full.`, "Files that do not fit are");
  download.overflow.isReported = true;
  return written;
}

/** Returns the error for a disk without enough space, or undefined if there is enough or the space cannot be determined. */
async function checkFreeSpace(folder: string, neededBytes: number): Promise<unknown> {
  try {
    const { bavail, bsize } = await withinFileSystemTimeout(statfs(folder));
    return bavail * bsize < neededBytes ? createLocalDiskError(folder, { code: "ENOSPC" }) : undefined;
  } catch {
    return undefined;
  }
}
