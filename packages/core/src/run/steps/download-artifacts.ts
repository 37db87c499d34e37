import { rm, stat } from "node:fs/promises";
import { getOutputFolder } from "../../output/get-output-folder.ts";
import type { FileNotDownloaded, JobInput, Plan, RemoteFile, SavedFile } from "../../spec/index.ts";
import { withinFileSystemTimeout } from "../../state/bounded.ts";
import { runPhase } from "../phases.ts";
import type { Download, DownloadingRun } from "./download/active-download.ts";
import { getSnapshotFolder } from "./download/download-file.ts";
import { downloadModel } from "./download/download-model.ts";
import { downloadOthers } from "./download/download-others.ts";
import { isOfThisFile } from "./download/is-of-this-file.ts";
import { createTimeLimit, getSizeLimit } from "./download/limits.ts";
import { getStagingFolder } from "./download/output-folder.ts";
import { planDownload } from "./download/plan-download.ts";
import { createProgress } from "./download/progress.ts";
import { reportNotDownloaded } from "./download/report-not-downloaded.ts";
import { createModelNotFoundError, type LocatingRun, locate } from "./locate.ts";

/** What it takes to find and download the output of a training. */
export type SavingOutputRun = LocatingRun & DownloadingRun & { readonly plan: Pick<Plan, "maxOutputBytes"> };

const removeTimeoutMs = 60_000;

export interface DownloadArtifactsOptions {
  readonly logTail: string;
  readonly signal: AbortSignal;
  /** Whether a missing model is not an error, because the training failed or is still running. */
  readonly modelOptional: boolean;
  /** Each purpose has its own folder for incomplete files, because both downloads may run at once. */
  readonly purpose: "end" | "pull";
}

/** The files that were downloaded and those that were not. */
export interface DownloadedArtifacts {
  readonly artifacts: readonly SavedFile[];
  /** The number and size of downloaded files that are not listed in `artifacts`. */
  readonly more?: { readonly files: number; readonly bytes: number };
  readonly notDownloaded: readonly FileNotDownloaded[];
  /** The error of the plugin or framework that could not locate the model, which was then found in another way. */
  readonly fault?: unknown;
}

/** Downloads the model first and then the other output, most important files first, in case the download is interrupted. */
export async function downloadArtifacts(
  run: SavingOutputRun,
  job: JobInput,
  options: DownloadArtifactsOptions,
): Promise<DownloadedArtifacts> {
  const located = await locate(run, job, options.logTail, options.signal);
  const { models, files, fault } = located;
  const missing =
    models.length === 0 && !options.modelOptional
      ? (fault ?? (await createModelNotFoundError(run, job, located, options.signal)))
      : undefined;
  return runPhase(run, "download", async () => {
    const sizeLimit = await getSizeLimit(run);
    const plan = planDownload({ job, models, files, rules: run.framework.artifacts, ...sizeLimit });
    const planned = [...plan.models.slice(0, 1), ...plan.others];
    const timeLimit = createTimeLimit(run, options);
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
      // What else the training wrote is downloaded in any case, because the machine is released next.
      let modelError: unknown = missing;
      await downloadModel(download, plan.models, options.modelOptional || missing !== undefined).catch(
        (error) => {
          if (!isOfThisFile(error, options.signal)) throw error;
          modelError = error;
        },
      );
      await downloadOthers({ ...download, signal: timeLimit.signal }, plan.others);
      if (await hasVanished(download)) {
        resetResults(download, plan.notDownloaded);
        await downloadModel(download, plan.models, options.modelOptional);
        await downloadOthers({ ...download, signal: timeLimit.signal }, plan.others);
      }
      if (modelError !== undefined) throw modelError;
      // A process that only detaches keeps incomplete files for the next one.
      if (options.purpose === "pull" || run.detachSignal.aborted) options.signal.throwIfAborted();
      const folder = getOutputFolder(run.plan, run.ledger.state);
      await rm(getStagingFolder(run.plan, folder, options.purpose), { recursive: true, force: true });
    } finally {
      timeLimit.cancel();
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

/** Whether saved files disappeared during the download. They are then downloaded again, because the machine may be released next. */
async function hasVanished({ run, saved }: Download): Promise<boolean> {
  if (run.ledger.state.outputFolder === undefined) return false;
  for (const { localPath } of saved) if (!(await isThere(localPath))) return true;
  return false;
}

/** Resets the results of a download. Files that were only counted are included, because it is unknown where they were saved. */
function resetResults(
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

function findNewest(files: readonly RemoteFile[]): string | undefined {
  let newest: RemoteFile | undefined;
  for (const file of files) if (newest === undefined || file.modifiedAt > newest.modifiedAt) newest = file;
  return newest?.path;
}

/** Removes the copies made for a download during the training. If this fails, they are removed with the run's folder. */
async function removeSnapshots(run: DownloadingRun, job: JobInput): Promise<void> {
  const call = {
    phase: "download" as const,
    method: "remove",
    timeoutMs: removeTimeoutMs,
    patienceMs: 5_000,
    signal: new AbortController().signal,
  };
  await run.link
    .use(call, (session, context) => session.remove(getSnapshotFolder(run, job), context))
    .catch(() => {});
}
