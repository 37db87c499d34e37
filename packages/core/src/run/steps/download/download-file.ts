import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { FrameworkCaller } from "../../../adapters/assembly.ts";
import { callAdapter } from "../../../adapters/boundary.ts";
import { emit } from "../../../journal/reporter.ts";
import { type JobInput, type RemoteFile, type SavedFile, UnitrainError } from "../../../spec/index.ts";
import { createLocalDiskError } from "../../../state/local-disk.ts";
import { getRemoteLayout } from "../../remote-layout.ts";
import type { Download, DownloadingRun } from "./active-download.ts";
import { inFolderWithSpace } from "./in-folder-with-space.ts";
import { shownName } from "./local-name.ts";
import { getStagingFolder, inOutputFolder } from "./output-folder.ts";
import type { PlannedFile } from "./plan-download.ts";
import { findExisting, publish } from "./publish.ts";
import { watchStall } from "./watch-stall.ts";

const fetchTimeoutMs = 7 * 24 * 3600_000;
const snapshotTimeoutMs = 30 * 60_000;
const isCompleteTimeoutMs = 5 * 60_000;

/** The result of a download: a saved file, or an incomplete checkpoint. */
export type Fetched = SavedFile | "incomplete";

/** Downloads one file, verifies it if it is a checkpoint, and moves it to its final path. */
export async function downloadFile(
  download: Download,
  planned: PlannedFile,
  role: SavedFile["role"],
): Promise<Fetched> {
  const write = (folder: string) => downloadInto(folder, download, planned, role);
  if (role === "model") return inOutputFolder(download.run, write);
  return inFolderWithSpace(download, planned.file.sizeBytes, write);
}

async function downloadInto(
  folder: string,
  download: Download,
  planned: PlannedFile,
  role: SavedFile["role"],
): Promise<Fetched> {
  const { run, progress } = download;
  const { file, path } = planned;
  const localPath = join(folder, path);
  const existing = await findExisting(localPath, file);
  if (existing !== undefined) {
    progress.done(path, file.sizeBytes);
    return addSaved(download, { path, localPath, sizeBytes: file.sizeBytes, sha256: existing, role });
  }
  const staged = await prepareStagedPath(download, folder, path);
  const source = download.isTraining ? await snapshot(download, file) : file;
  const stall = watchStall(run, download);
  const { sha256 } = await run.link
    .use(
      {
        phase: "download",
        method: "fetch",
        timeoutMs: fetchTimeoutMs,
        signal: stall.signal,
        tries: planned.isCheckpoint ? 3 : 1,
      },
      (session, context) =>
        session.fetch(source, staged, context, (bytes) => {
          stall.moved();
          progress.at(path, bytes);
        }),
    )
    .finally(stall.cancel);
  progress.done(path, file.sizeBytes);
  if (planned.isCheckpoint) {
    const complete = await isComplete(run, staged).catch(async (error) => {
      await keepIncomplete(folder, download, planned, staged, "could not be checked");
      throw error;
    });
    if (!complete) {
      const reason = download.isTraining
        ? "is not complete yet: it is being written"
        : "is not a complete model";
      await keepIncomplete(folder, download, planned, staged, reason);
      return "incomplete";
    }
  }
  const sizeBytes = await publish(staged, localPath, file, true);
  return addSaved(download, { path, localPath, sizeBytes, sha256, role });
}

/** Records a file that was saved. */
export async function addSaved(download: Download, saved: SavedFile): Promise<SavedFile> {
  const { counts, run } = download;
  download.settled.add(saved.path);
  if (saved.role === "extra" && counts.listed >= mostListed) {
    counts.moreFiles += 1;
    counts.moreBytes += saved.sizeBytes;
    return saved;
  }
  counts.listed += 1;
  download.saved.push(saved);
  await emit(run, { type: "artifact", ...saved });
  return saved;
}

const mostListed = 500;

/** Records a file that is not downloaded. */
export function addNotDownloaded(download: Download, { file, path }: PlannedFile, reason: string): void {
  if (download.settled.has(path)) return;
  download.settled.add(path);
  download.notDownloaded.push({ path: file.path, sizeBytes: file.sizeBytes, reason });
}

/** Returns the path of a file until it is complete. Its name is short, however long the file's own name is. */
export async function prepareStagedPath(
  { run, purpose }: Pick<Download, "run" | "purpose">,
  folder: string,
  path: string,
): Promise<string> {
  const staging = getStagingFolder(run.plan, folder, purpose);
  await mkdir(staging, { recursive: true }).catch((error) => {
    throw createLocalDiskError(staging, error);
  });
  return join(staging, createHash("sha256").update(path).digest("hex").slice(0, 32));
}

/** Copies a file on the machine so that it does not change while it is downloaded. Without space for a copy, returns the file itself. */
async function snapshot({ run, job, signal }: Download, file: RemoteFile): Promise<RemoteFile> {
  const name = createHash("sha256").update(file.path).digest("hex").slice(0, 32);
  const target = `${getSnapshotFolder(run, job)}/${name}`;
  try {
    return await run.link.use(
      { phase: "download", method: "snapshot", timeoutMs: snapshotTimeoutMs, signal },
      (session, context) => session.snapshot(file, target, context),
    );
  } catch (error) {
    if (UnitrainError.isInstance(error) && error.code === "REMOTE_DISK") return file;
    throw error;
  }
}

/** Returns the folder on the machine for the copies made while the training is running. */
export function getSnapshotFolder(run: Pick<DownloadingRun, "plan">, job: JobInput): string {
  return `${getRemoteLayout(job.facts, run.plan.runId).run}/snapshot`;
}

/**
 * Saves an incomplete checkpoint under a different name at the end of a run, so that it replaces no file. It may be another kind of
 * file with the same suffix, and would be lost with the machine. During the training it is deleted instead.
 */
async function keepIncomplete(
  folder: string,
  download: Download,
  { file, path }: PlannedFile,
  staged: string,
  reason: string,
): Promise<void> {
  const { run, isTraining } = download;
  if (isTraining) {
    await rm(staged, { force: true });
    await emit(run, { type: "warning", phase: "download", message: `${shownName(file.path)} ${reason}.` });
    return;
  }
  download.settled.add(path);
  await publish(staged, join(folder, `${path}.incomplete`), file, true);
  await emit(run, {
    type: "warning",
    phase: "download",
    message: `${shownName(file.path)} ${reason}. It was saved as ${path}.incomplete.`,
  });
}

function isComplete(run: FrameworkCaller, path: string): Promise<boolean> {
  const { framework, boundary } = run;
  const adapter = `${framework.name}.isComplete`;
  return callAdapter(boundary, { phase: "download", adapter, timeoutMs: isCompleteTimeoutMs }, () =>
    framework.artifacts.isComplete(path),
  );
}
