import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { getOutputFolder } from "../../../output/get-output-folder.ts";
import { formatBytes, type Plan } from "../../../spec/index.ts";
import { withinFileSystemTimeout } from "../../../state/bounded.ts";
import type { Download, DownloadingRun } from "./active-download.ts";

/** What it takes to limit the download of a run. */
type LimitedRun = DownloadingRun & { readonly plan: Pick<Plan, "maxOutputBytes"> };

/** The default limit of bytes downloaded in addition to the model. */
const usualMostBytes = 10e9;
/** How long a rented machine is kept to download files other than the model, unless the plan sets a size limit. */
const rentedPatienceMs = 30 * 60_000;
/** Free space that is left on this computer's disk. */
const keptFreeBytes = 500e6;

/** Returns the limit of bytes downloaded in addition to the model: the plan's limit, or the free disk space if that is smaller. */
export async function getSizeLimit(
  run: Pick<LimitedRun, "plan" | "ledger" | "folder">,
): Promise<{ readonly mostBytes: number; readonly bound: string }> {
  const requestedBytes = run.plan.maxOutputBytes ?? usualMostBytes;
  // Files that do not fit into the output folder go to the state folder, which may be on another disk.
  const folders = [getOutputFolder(run.plan, run.ledger.state), run.folder.results];
  const freeBytes = Math.max(...(await Promise.all(folders.map(measureFreeBytes))));
  if (freeBytes < requestedBytes)
    return { mostBytes: freeBytes, bound: `the ${formatBytes(freeBytes)} free on this computer` };
  return {
    mostBytes: requestedBytes,
    bound: `the ${formatBytes(requestedBytes)} of output that are allowed`,
  };
}

/** Returns the free bytes on the file system of a folder or its nearest existing parent, or infinity if they cannot be determined. */
async function measureFreeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await withinFileSystemTimeout(statfs(folder));
    return Math.max(0, bavail * bsize - keptFreeBytes);
  } catch (error) {
    // A network drive does not respond, so its parent folders are not tried one by one.
    if ((error as NodeJS.ErrnoException).code === "ETIMEDOUT") return 0;
    return dirname(folder) === folder ? Number.POSITIVE_INFINITY : measureFreeBytes(dirname(folder));
  }
}

/** Limits how long a rented machine is kept to download files other than the model. A plan with a size limit has no time limit. */
export function createTimeLimit(
  run: Pick<LimitedRun, "plan" | "provider" | "clock">,
  { signal, purpose }: Pick<Download, "signal" | "purpose">,
) {
  if (run.provider.ownership !== "rented" || purpose === "pull" || run.plan.maxOutputBytes !== undefined)
    return { signal, cancel: () => {} };
  const over = new AbortController();
  const minutes = rentedPatienceMs / 60_000;
  const alarm = run.clock.after(rentedPatienceMs, () =>
    over.abort(new Error(`the machine is rented and the limit of ${minutes} minutes was reached`)),
  );
  return { signal: AbortSignal.any([signal, over.signal]), cancel: () => alarm.cancel() };
}
