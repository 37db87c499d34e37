import { join } from "node:path";
import { getOutputFolder } from "../../../output/get-output-folder.ts";
import type { FileToFetch } from "../../../spec/index.ts";
import type { Download } from "./active-download.ts";
import { besideModel } from "./beside-model.ts";
import { downloadFile, keep, leave, stagedPath } from "./download.ts";
import { isOfThisFile, saysDiskFull } from "./is-of-this-file.ts";
import { type PlannedFile, smallFileBytes } from "./plan-download.ts";
import { findExisting, publish } from "./publish.ts";

/** What one stream carries at most: so much is downloaded again after a cut. */
const batchFiles = 10_000;
const batchBytes = 64 * 1024 * 1024;
const batchTimeoutMs = 24 * 3600_000;

/**
 * Downloads everything beside the model, in order. What fails is left with its reason: it must not cost the model. A fault that is
 * not of one file (the connection, this computer's disk, the time) ends it.
 */
export async function downloadOthers(download: Download, others: readonly PlannedFile[]): Promise<void> {
  let rest = others.filter(({ path }) => !download.settled.has(path));
  try {
    while (rest.length > 0) {
      const batch = nextBatch(rest);
      if (batch.length > 1)
        await besideModel(download, 0, (folder) => downloadBatch(folder, download, batch));
      else for (const planned of batch) await downloadOne(download, planned);
      rest = rest.slice(batch.length);
    }
  } catch (error) {
    const reason = describeFailure(download, error);
    for (const planned of rest) leave(download, planned, reason);
  }
}

/** Small files together, a large one or a checkpoint by itself. */
function nextBatch(files: readonly PlannedFile[]): readonly PlannedFile[] {
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
      await keep(download, { path, localPath, sizeBytes: file.sizeBytes, sha256, role: "extra" });
      continue;
    }
    missing.set(file.path, planned);
    wanted.push({ file, localPath: await stagedPath(download, folder, path) });
  }
  if (wanted.length > 0) {
    // Written down in their order, one after the other, while the next ones come.
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
              .then(() => take(folder, download, planned, localPath, sha256))
              .catch((error) => {
                if (!isOfThisFile(error, signal)) throw error;
                // Its name is taken by a folder, for example: it alone goes another way.
                missing.set(file.path, planned);
              });
            kept.catch(() => {});
          },
        ),
    );
    await kept;
  }
  // One that changed meanwhile, or has a name that no list can carry.
  for (const planned of missing.values()) await downloadOne(download, planned);
}

async function take(
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
  await keep(download, { path, localPath, sizeBytes, sha256, role: "extra" });
}

async function downloadOne(download: Download, planned: PlannedFile): Promise<void> {
  try {
    const fetched = await downloadFile(download, planned, "extra");
    if (fetched === "incomplete" && download.isTraining) leave(download, planned, "it is being written");
  } catch (error) {
    if (!isOfThisFile(error, download.signal)) throw error;
    leave(download, planned, describeFailure(download, error));
  }
}

function describeFailure({ run, signal }: Download, error: unknown): string {
  // Of the disk, not of a file of ours that is not complete yet.
  if (!signal.aborted && saysDiskFull(error))
    return `the disk of ${getOutputFolder(run.plan, run.ledger.state)} is full`;
  return run.assembly.sanitizer.maskError(signal.aborted ? signal.reason : error).message.replace(/\.$/, "");
}
