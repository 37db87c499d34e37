import { join } from "node:path";
import { getOutputFolder } from "../../../output/get-output-folder.ts";
import type { FileToFetch } from "../../../spec/index.ts";
import type { Download } from "./active-download.ts";
import { addNotDownloaded, addSaved, downloadFile, prepareStagedPath } from "./download-file.ts";
import { inFolderWithSpace } from "./in-folder-with-space.ts";
import { isOfThisFile, saysDiskFull } from "./is-of-this-file.ts";
import { type PlannedFile, smallFileBytes } from "./plan-download.ts";
import { findExisting, publish } from "./publish.ts";

/** The maximum of files and bytes in one stream, all of which are downloaded again after a lost connection. */
const batchFiles = 10_000;
const batchBytes = 64 * 1024 * 1024;
const batchTimeoutMs = 24 * 3600_000;

/**
 * Downloads all files other than the model, in order. A file that fails is skipped with its reason, because it must not prevent the
 * download of the model. An error that is not about one file (the connection, the local disk, the time limit) ends the download.
 */
export async function downloadOthers(download: Download, others: readonly PlannedFile[]): Promise<void> {
  let rest = others.filter(({ path }) => !download.settled.has(path));
  try {
    while (rest.length > 0) {
      const batch = takeBatch(rest);
      if (batch.length > 1)
        await inFolderWithSpace(download, 0, (folder) => downloadBatch(folder, download, batch));
      else for (const planned of batch) await downloadOne(download, planned);
      rest = rest.slice(batch.length);
    }
  } catch (error) {
    const reason = describeFailure(download, error);
    for (const planned of rest) addNotDownloaded(download, planned, reason);
  }
}

/** Returns the next files to download in one stream: several small files, or a single large file or checkpoint. */
function takeBatch(files: readonly PlannedFile[]): readonly PlannedFile[] {
  let count = 0;
  let bytes = 0;
  for (const { file, isCheckpoint } of files) {
    bytes += file.sizeBytes;
    if (isCheckpoint || file.sizeBytes > smallFileBytes || bytes > batchBytes || count >= batchFiles) break;
    count += 1;
  }
  return files.slice(0, Math.max(1, count));
}

async function downloadBatch(
  folder: string,
  download: Download,
  batch: readonly PlannedFile[],
): Promise<void> {
  const { run, progress, signal } = download;
  const missing = new Map<string, PlannedFile>();
  const wanted: FileToFetch[] = [];
  for (const planned of batch) {
    const { file, path } = planned;
    if (download.settled.has(path)) continue;
    const localPath = join(folder, path);
    const sha256 = await findExisting(localPath, file);
    if (sha256 !== undefined) {
      progress.done(path, file.sizeBytes);
      await addSaved(download, { path, localPath, sizeBytes: file.sizeBytes, sha256, role: "extra" });
      continue;
    }
    missing.set(file.path, planned);
    wanted.push({ file, localPath: await prepareStagedPath(download, folder, path) });
  }
  if (wanted.length > 0) {
    // Files are published one after the other, in order, while the next ones are downloaded.
    let kept: Promise<unknown> = Promise.resolve();
    await run.link.use(
      { phase: "download", method: "fetchMany", timeoutMs: batchTimeoutMs, signal },
      (session, context) =>
        session.fetchMany(
          wanted.filter(({ file }) => missing.has(file.path)),
          context,
          ({ file, localPath }, sha256) => {
            const planned = missing.get(file.path);
            if (planned === undefined) return;
            missing.delete(file.path);
            kept = kept
              .then(() => publishFetched(folder, download, planned, localPath, sha256))
              .catch((error) => {
                if (!isOfThisFile(error, signal)) throw error;
                // For example, a folder has the file's name. This file is downloaded by itself later.
                missing.set(file.path, planned);
              });
            kept.catch(() => {});
          },
        ),
    );
    await kept;
  }
  // These files changed during the download, or have a name that cannot be listed.
  for (const planned of missing.values()) await downloadOne(download, planned);
}

async function publishFetched(
  folder: string,
  download: Download,
  planned: PlannedFile,
  staged: string,
  sha256: string,
): Promise<void> {
  const { file, path } = planned;
  const localPath = join(folder, path);
  const sizeBytes = await publish(staged, localPath, file, false);
  download.progress.done(path, file.sizeBytes);
  await addSaved(download, { path, localPath, sizeBytes, sha256, role: "extra" });
}

async function downloadOne(download: Download, planned: PlannedFile): Promise<void> {
  try {
    const fetched = await downloadFile(download, planned, "extra");
    if (fetched === "incomplete" && download.isTraining)
      addNotDownloaded(download, planned, "it is being written");
  } catch (error) {
    if (!isOfThisFile(error, download.signal)) throw error;
    addNotDownloaded(download, planned, describeFailure(download, error));
  }
}

function describeFailure({ run, signal }: Download, error: unknown): string {
  // The message names the disk, not the temporary file.
  if (!signal.aborted && saysDiskFull(error))
    return `the disk of ${getOutputFolder(run.plan, run.ledger.state)} is full`;
  return run.sanitizer.maskError(signal.aborted ? signal.reason : error).message.replace(/\.$/, "");
}
