import { existsSync } from "node:fs";
import { rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Recorder, recordFact } from "../../../journal/recorder.ts";
import { emit } from "../../../journal/reporter.ts";
import { describeFileError } from "../../../output/check-writable.ts";
import { getOutputFolder } from "../../../output/get-output-folder.ts";
import { endReservation, isReservedBy } from "../../../output/reservation.ts";
import { type Plan, UnitrainError } from "../../../spec/index.ts";
import { withinFileSystemTimeout } from "../../../state/bounded.ts";
import { makeFolders } from "../../../state/make-folders.ts";
import type { RunFolder } from "../../../state/run-folder.ts";

/** What it takes to save files into a run's output folder, or elsewhere if it cannot be written. */
export type SavingRun = Recorder & {
  readonly plan: Pick<Plan, "runId" | "out" | "overwrites">;
  readonly folder: Pick<RunFolder, "results">;
};

/** How often the output folder is checked while files are written into it. */
const pollMs = 10 * 60_000;

/**
 * Runs `write` with the output folder. If the folder has become unwritable (read-only, removed, full, replaced, unmounted), the
 * results go to a folder below the state folder instead, because they must be saved before the machine is released. If only one
 * file cannot be written, for example because a folder has its name, only that file goes there.
 */
export async function inOutputFolder<T>(run: SavingRun, write: (folder: string) => Promise<T>): Promise<T> {
  const folder = getOutputFolder(run.plan, run.ledger.state);
  const { results } = run.folder;
  try {
    if (folder !== run.plan.out) return await write(folder);
    await checkStillThere(run);
    return await whileStillThere(run, write(folder));
  } catch (error) {
    if (!UnitrainError.isInstance(error) || error.code !== "LOCAL_DISK" || folder === results) throw error;
    // The results of a finished run stay where its receipt says they are.
    if (run.ledger.state.outcome !== undefined) throw error;
    await makeFolders(results);
    if (await canBeWritten(run, folder, error)) {
      // If the fallback folder fails as well, the first error is reported.
      const written = await write(results).catch(() => Promise.reject(error));
      await warnSavedElsewhere(run, run.sanitizer.maskError(error).message, "It is");
      return written;
    }
    const { message: reason } = run.sanitizer.maskError(error);
    await recordFact(run, { type: "output-moved", folder: results, reason });
    await warnSavedElsewhere(run, reason, "The results are");
    return write(results);
  }
}

/**
 * Returns the folder for files whose download is incomplete. It is inside the output folder, so that the last step is a rename, and
 * has the same path in each process, so that another process can resume a download.
 */
export function getStagingFolder(
  { runId }: Pick<Plan, "runId">,
  folder: string,
  purpose: "end" | "pull",
): string {
  return join(folder, `.incoming-${runId}-${purpose}`);
}

/** Removes incomplete files at the end of a run, and the output folder itself if nothing was saved into it. Never rejects. */
export async function endOutputReservation({
  plan,
  ledger,
}: Pick<SavingRun, "plan" | "ledger">): Promise<void> {
  const clear = async () => {
    for (const purpose of ["end", "pull"] as const) {
      const staging = getStagingFolder(plan, getOutputFolder(plan, ledger.state), purpose);
      await rm(staging, { recursive: true, force: true });
    }
    await endReservation(plan.out, plan.runId);
  };
  await withinFileSystemTimeout(clear()).catch(() => {});
}

/** Rejects when the output folder disappears during the call, because a call that writes to a dead network drive never ends. */
async function whileStillThere<T>(run: SavingRun, call: Promise<T>): Promise<T> {
  call.catch(() => {});
  let alarm: { cancel(): void } | undefined;
  let isOver = false;
  const gone = new Promise<never>((_, reject) => {
    const poll = () => {
      checkStillThere(run).then(() => {
        if (!isOver) alarm = run.clock.after(pollMs, poll);
      }, reject);
    };
    alarm = run.clock.after(pollMs, poll);
  });
  try {
    return await Promise.race([call, gone]);
  } finally {
    isOver = true;
    alarm?.cancel();
  }
}

async function checkStillThere({ plan }: Pick<SavingRun, "plan">): Promise<void> {
  const { out, runId, overwrites = false } = plan;
  const gone = (reason: string, cause?: unknown) =>
    new UnitrainError("LOCAL_DISK", `${out} cannot be written: ${reason}.`, { cause });
  try {
    const found = await withinFileSystemTimeout(stat(out));
    if (!found.isDirectory()) throw gone("it is now a file");
    if (overwrites || (await withinFileSystemTimeout(isReservedBy(out, runId)))) return;
  } catch (error) {
    if (UnitrainError.isInstance(error)) throw error;
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw gone(missing ? "it no longer exists" : describeFileError(error, out), error);
  }
  // Writing into the folder below an unmounted drive would hide the results once the drive is back.
  throw gone("it was emptied, replaced or unmounted during the run");
}

/** Whether the folder can still be written, so that the error concerns one file only. */
async function canBeWritten(run: SavingRun, folder: string, { cause }: UnitrainError): Promise<boolean> {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return false;
  const probe = join(folder, `.unitrain-probe-${process.pid}`);
  try {
    if (folder === run.plan.out) await checkStillThere(run);
    await withinFileSystemTimeout(writeFile(probe, "1"));
    await withinFileSystemTimeout(rm(probe, { force: true }));
    return true;
  } catch {
    return false;
  }
}

/** Warns that files were saved elsewhere. `savedFiles` is a subject with its verb, such as `The results are`. */
export async function warnSavedElsewhere(run: SavingRun, reason: string, savedFiles: string): Promise<void> {
  const { results } = run.folder;
  await emit(run, {
    type: "warning",
    phase: "download",
    message: `${reason} ${savedFiles} saved in ${results} instead.`,
    hint: `Copy the files to a folder of your choice: ${copyCommand(run, results)}`,
  });
}

/** Returns a copy command whose target does not exist yet, so that it can be run unchanged. */
function copyCommand(run: SavingRun, results: string): string {
  const wanted = join(run.ledger.state.workingFolder ?? process.cwd(), basename(run.plan.out));
  let target = wanted;
  for (let number = 2; existsSync(target) && number < 1_000; number += 1) target = `${wanted}-${number}`;
  const program = process.platform === "win32" ? "Copy-Item -Recurse" : "cp -R";
  return `${program} ${quoted(results)} ${quoted(target)}`;
}

function quoted(path: string): string {
  if (/^[\w./:@%+=,\\-]+$/.test(path)) return path;
  return process.platform === "win32" ? `"${path}"` : `'${path.replaceAll("'", `'\\''`)}'`;
}
