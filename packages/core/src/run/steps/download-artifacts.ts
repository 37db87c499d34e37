import { rm, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { getOutputFolder } from "../../output/get-output-folder.ts";
import {
  type FileNotDownloaded,
  formatBytes,
  type JobInput,
  type RemoteFile,
  type SavedFile,
} from "../../spec/index.ts";
import { withinFileSystemTimeout } from "../../state/bounded.ts";
import { type ActiveRun, runPhase } from "../active-run.ts";
import { stagingFolder } from "../output-folder.ts";
import type { Download } from "./download/active-download.ts";
import { snapshotFolder } from "./download/download.ts";
import { downloadModel } from "./download/download-model.ts";
import { downloadOthers } from "./download/download-others.ts";
import { isOfThisFile } from "./download/is-of-this-file.ts";
import { planDownload } from "./download/plan-download.ts";
import { createProgress } from "./download/progress.ts";
import { reportNotDownloaded } from "./download/report-not-downloaded.ts";
import { list, locate, notFound } from "./locate.ts";

/** What is downloaded beside the model, unless the plan says otherwise. */
const usualMostBytes = 10e9;
/** How long a rented machine is paid for files beside the model, unless a size was asked for. */
const rentedPatienceMs = 30 * 60_000;
/** This computer needs some of its disk for itself. */
const keptFreeBytes = 500e6;
const removeTimeoutMs = 60_000;

export interface DownloadArtifactsOptions {
  readonly logTail: string;
  readonly signal: AbortSignal;
  /** No model is not an error: the training failed, or goes on. */
  readonly modelOptional: boolean;
  /** Of several at once, each has a folder of its own for what is not whole yet. */
  readonly purpose: "end" | "pull";
}

/** What was downloaded, and what was not. */
export interface DownloadedArtifacts {
  readonly artifacts: readonly SavedFile[];
  /** Beyond those that are listed one by one. */
  readonly more?: { readonly files: number; readonly bytes: number };
  readonly notDownloaded: readonly FileNotDownloaded[];
  /** Why the model was found in another way than by whoever should have said where it is. */
  readonly fault?: unknown;
}

/** Finds the model, downloads it, then the rest of the output in the order in which a cut loses the least. */
export async function downloadArtifacts(
  run: ActiveRun,
  job: JobInput,
  options: DownloadArtifactsOptions,
): Promise<DownloadedArtifacts> {
  const { models, files, fault } = await locate(run, job, options.logTail, options.signal);
  if (models.length === 0 && !options.modelOptional) {
    throw fault ?? notFound(run, job, await list(run, job.output, options.signal));
  }
  return runPhase(run, "download", async () => {
    const bound = await getBound(run);
    const plan = planDownload({ job, models, files, rules: run.assembly.framework.artifacts, ...bound });
    const planned = [...plan.models.slice(0, 1), ...plan.others];
    const others = createDeadline(run, options);
    const download: Download = {
      run,
      job,
      signal: options.signal,
      isTraining: options.purpose === "pull" && run.ledger.state.jobEnd === undefined,
      progress: createProgress(
        run,
        planned.reduce((sum, { file }) => sum + file.sizeBytes, 0),
      ),
      purpose: options.purpose,
      counts: { listed: 0, moreFiles: 0, moreBytes: 0 },
      overflow: { isReported: false },
      saved: [],
      notDownloaded: [...plan.notDownloaded],
      settled: new Set(),
    };
    try {
      let modelError: unknown;
      await downloadModel(download, plan.models, options.modelOptional).catch((error) => {
        if (!isOfThisFile(error, options.signal)) throw error;
        modelError = error;
      });
      await downloadOthers({ ...download, signal: others.signal }, plan.others);
      if (await hasVanished(download)) {
        forget(download, plan.notDownloaded);
        await downloadModel(download, plan.models, options.modelOptional);
        await downloadOthers({ ...download, signal: others.signal }, plan.others);
      }
      if (modelError !== undefined) throw modelError;
      // A process that only leaves has not decided what becomes of the rest.
      if (options.purpose === "pull" || run.detachSignal.aborted) options.signal.throwIfAborted();
      const folder = getOutputFolder(run.plan, run.ledger.state);
      await rm(stagingFolder(run.plan, folder, options.purpose), { recursive: true, force: true });
    } finally {
      others.cancel();
      if (download.isTraining) await removeSnapshots(run, job);
    }
    await reportNotDownloaded(run, job, download.notDownloaded, findNewest(files), options.purpose);
    const { moreFiles, moreBytes } = download.counts;
    return {
      artifacts: download.saved,
      ...(moreFiles === 0 ? {} : { more: { files: moreFiles, bytes: moreBytes } }),
      notDownloaded: download.notDownloaded,
      ...(fault === undefined ? {} : { fault }),
    };
  });
}

/** Whether the output folder vanished in the middle of the download: what it held is downloaded again, since the machine may be released next. */
async function hasVanished({ run, saved }: Download): Promise<boolean> {
  if (run.ledger.state.outputFolder === undefined) return false;
  for (const { localPath } of saved) if (!(await isThere(localPath))) return true;
  return false;
}

/** Also of files that are only counted it is not known where they were. */
function forget(
  { saved, notDownloaded, settled, counts }: Download,
  excludedByPlan: readonly FileNotDownloaded[],
): void {
  saved.length = 0;
  notDownloaded.length = 0;
  for (const file of excludedByPlan) notDownloaded.push(file);
  settled.clear();
  counts.listed = counts.moreFiles = counts.moreBytes = 0;
}

async function isThere(path: string): Promise<boolean> {
  return withinFileSystemTimeout(stat(path)).then(
    () => true,
    () => false,
  );
}

/** So much is downloaded beside the model: what was asked for, and no more than this computer's disk holds. */
async function getBound(run: ActiveRun): Promise<{ readonly mostBytes: number; readonly bound: string }> {
  const requestedBytes = run.plan.maxOutputBytes ?? usualMostBytes;
  // What the output folder has no room for goes to the state folder, which may lie on another disk.
  const folders = [getOutputFolder(run.plan, run.ledger.state), run.folder.results];
  const freeBytes = Math.max(...(await Promise.all(folders.map(freeBytesAt))));
  if (freeBytes < requestedBytes)
    return { mostBytes: freeBytes, bound: `the ${formatBytes(freeBytes)} free on this computer` };
  return {
    mostBytes: requestedBytes,
    bound: `the ${formatBytes(requestedBytes)} of output that are allowed`,
  };
}

/** On the file system of a folder, or of the nearest one above it that is there; infinite where it cannot be told. */
async function freeBytesAt(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await withinFileSystemTimeout(statfs(folder));
    return Math.max(0, bavail * bsize - keptFreeBytes);
  } catch (error) {
    // A network drive that is gone: its folders are not looked at one by one.
    if ((error as NodeJS.ErrnoException).code === "ETIMEDOUT") return 0;
    return dirname(folder) === folder ? Number.POSITIVE_INFINITY : freeBytesAt(dirname(folder));
  }
}

/** A rented machine does not wait for ever for files beside the model; one with a limit of its own keeps to that. */
function createDeadline(run: ActiveRun, { signal, purpose }: DownloadArtifactsOptions) {
  if (run.provider.ownership !== "rented" || purpose === "pull" || run.plan.maxOutputBytes !== undefined)
    return { signal, cancel: () => {} };
  const over = new AbortController();
  const minutes = rentedPatienceMs / 60_000;
  const alarm = run.clock.after(rentedPatienceMs, () =>
    over.abort(new Error(`the machine is rented, and ${minutes} minutes had passed`)),
  );
  return { signal: AbortSignal.any([signal, over.signal]), cancel: () => alarm.cancel() };
}

function findNewest(files: readonly RemoteFile[]): string | undefined {
  let newest: RemoteFile | undefined;
  for (const file of files) if (newest === undefined || file.modifiedAt > newest.modifiedAt) newest = file;
  return newest?.path;
}

/** Copies of a training that goes on. They go with the run's folder when this fails. */
async function removeSnapshots(run: ActiveRun, job: JobInput): Promise<void> {
  const call = {
    phase: "download" as const,
    method: "remove",
    timeoutMs: removeTimeoutMs,
    patienceMs: 5_000,
    signal: new AbortController().signal,
  };
  await run.link
    .use(call, (session, context) => session.remove(snapshotFolder(run, job), context))
    .catch(() => {});
}
