import { rm, statfs } from "node:fs/promises";
import { getOutputFolder } from "../../../output/get-output-folder.ts";
import { withinFileSystemTimeout } from "../../../state/bounded.ts";
import { createLocalDiskError } from "../../../state/local-disk.ts";
import { makeFolders } from "../../../state/make-folders.ts";
import { inOutputFolder, stagingFolder, warnSavedElsewhere } from "../../output-folder.ts";
import type { Download } from "./active-download.ts";
import { saysDiskFull } from "./is-of-this-file.ts";

/**
 * Writes files beside the model into the output folder. What its disk has no room for goes to the state folder, which may
 * lie on another disk: it alone, since it must not move a model that is in place, and must not be lost with a machine
 * that is released.
 */
export async function besideModel<T>(
  download: Download,
  neededBytes: number,
  write: (folder: string) => Promise<T>,
): Promise<T> {
  const { run } = download;
  const into = getOutputFolder(run.plan, run.ledger.state);
  let full: unknown = await noRoom(into, neededBytes);
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
  // What is not whole must not take the room that others need.
  await rm(stagingFolder(run.plan, folder, download.purpose), { recursive: true, force: true }).catch(
    () => {},
  );
  if (folder === results) throw full;
  await makeFolders(results);
  const written = await write(results).catch((error) => Promise.reject(saysDiskFull(error) ? full : error));
  if (!download.overflow.isReported)
    await warnSavedElsewhere(run, `The disk of ${folder} is full.`, "What it has no room for is");
  download.overflow.isReported = true;
  return written;
}

/** The error that writing would end with; undefined where there is room, or that cannot be told. */
async function noRoom(folder: string, neededBytes: number): Promise<unknown> {
  try {
    const { bavail, bsize } = await withinFileSystemTimeout(statfs(folder));
    return bavail * bsize < neededBytes ? createLocalDiskError(folder, { code: "ENOSPC" }) : undefined;
  } catch {
    return undefined;
  }
}
