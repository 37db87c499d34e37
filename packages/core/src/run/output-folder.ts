import { existsSync } from "node:fs";
import { rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describeFileError } from "../output/check-writable.ts";
import { getOutputFolder } from "../output/get-output-folder.ts";
import { endReservation, isReservedBy } from "../output/reservation.ts";
import { type Plan, UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "../state/bounded.ts";
import { makeFolders } from "../state/make-folders.ts";
import { type ActiveRun, emit, recordFact } from "./active-run.ts";

/** How often a folder is looked at while something is written into it. */
const pollMs = 10 * 60_000;

/**
 * Runs `write` with the folder for the results. When that cannot be written any more (read-only, removed, full, replaced,
 * unmounted), the results go to a folder below the state folder: what was trained is saved before a machine is released. When
 * only this file cannot be written (a folder has its name), it alone goes there.
 */
export async function inOutputFolder<T>(run: ActiveRun, write: (folder: string) => Promise<T>): Promise<T> {
  const folder = getOutputFolder(run.plan, run.ledger.state);
  const { results } = run.folder;
  try {
    if (folder !== run.plan.out) return await write(folder);
    await checkStillThere(run);
    return await whileStillThere(run, write(folder));
  } catch (error) {
    if (!UnitrainError.isInstance(error) || error.code !== "LOCAL_DISK" || folder === results) throw error;
    // The results of a run that is over stay where its receipt says.
    if (run.ledger.state.outcome !== undefined) throw error;
    await makeFolders(results);
    if (await canBeWritten(run, folder, error)) {
      // Where it can be stored nowhere, the first reason counts.
      const written = await write(results).catch(() => Promise.reject(error));
      await tellSavedElsewhere(run, run.assembly.sanitizer.maskError(error).message, "It is");
      return written;
    }
    const { message: reason } = run.assembly.sanitizer.maskError(error);
    await recordFact(run, { type: "output-moved", folder: results, reason });
    await tellSavedElsewhere(run, reason, "The results are");
    return write(results);
  }
}

/** Where files lie until they are whole: beside their final place, so that the last step is a rename; the same for each process, so that a download goes on. */
export function stagingFolder({ runId }: Plan, folder: string, purpose: "end" | "pull"): string {
  return join(folder, `.incoming-${runId}-${purpose}`);
}

/** At the end of a run: removes what is not whole, and the folder itself where nothing was published. Never fails. */
export async function endOutputReservation({ plan, ledger }: ActiveRun): Promise<void> {
  const clear = async () => {
    for (const purpose of ["end", "pull"] as const) {
      const staging = stagingFolder(plan, getOutputFolder(plan, ledger.state), purpose);
      await rm(staging, { recursive: true, force: true });
    }
    await endReservation(plan.out, plan.runId);
  };
  await withinFileSystemTimeout(clear()).catch(() => {});
}

/** Gives a call up when the folder that it writes into is gone: on a network drive that does not answer it would never end. */
async function whileStillThere<T>(run: ActiveRun, call: Promise<T>): Promise<T> {
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

async function checkStillThere({ plan }: ActiveRun): Promise<void> {
  const { out, runId, overwrites = false } = plan;
  const gone = (reason: string, cause?: unknown) =>
    new UnitrainError("LOCAL_DISK", `${out} cannot be written: ${reason}.`, { cause });
  try {
    const found = await withinFileSystemTimeout(stat(out));
    if (!found.isDirectory()) throw gone("it is a file by now");
    if (overwrites || (await withinFileSystemTimeout(isReservedBy(out, runId)))) return;
  } catch (error) {
    if (UnitrainError.isInstance(error)) throw error;
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw gone(missing ? "it does not exist any more" : describeFileError(error, out), error);
  }
  // Writing into the folder below an unmounted drive would hide the results once the drive is back.
  throw gone("it was emptied, replaced or unmounted while the run was going on");
}

/** Whether a folder still takes files, so that an error was of one file only. */
async function canBeWritten(run: ActiveRun, folder: string, { cause }: UnitrainError): Promise<boolean> {
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

/** `what`: with its verb, `The results are`. */
export async function tellSavedElsewhere(run: ActiveRun, reason: string, savedFiles: string): Promise<void> {
  const { results } = run.folder;
  await emit(run, {
    type: "warning",
    phase: "download",
    message: `${reason} ${savedFiles} saved in ${results} instead.`,
    hint: `Copy what is there to a place of your choice: ${copyCommand(run, results)}`,
  });
}

/** A command that works as it is: its target does not exist yet. */
function copyCommand(run: ActiveRun, results: string): string {
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
