import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Lock, Locks } from "../state/lock.ts";
import { makeFolders, removeEmptyFolders } from "../state/make-folders.ts";
import { readLedger } from "../state/read-ledger.ts";
import { runFolder } from "../state/run-folder.ts";
import {
  createReservation,
  looksEmpty,
  type Reservation,
  readReservation,
  removeReservation,
  replaceReservation,
} from "./reservation-file.ts";

const mostTries = 3;

/** The state folder of the runs that reserve, and the locks that tell whether a run is still driven. */
export interface Reserver {
  readonly home: string;
  readonly locks: Locks;
}

/** Whether a run can use a folder for its results: it is missing or empty, and is not reserved by a run that is not over. */
export async function isFree(folder: string, reserver: Reserver): Promise<boolean> {
  try {
    if (!(await looksEmpty(folder))) return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
  return !(await isHeld(folder, reserver));
}

/** Creates the folder and reserves it; returns false if it is no longer free. Of two processes, exactly one succeeds. */
export async function reserve(folder: string, runId: string, reserver: Reserver): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToReserve(folder, runId, reserver);
    } catch (error) {
      // A run that ended without results may have removed the folder in between.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || tries === mostTries) throw error;
    }
  }
}

async function tryToReserve(folder: string, runId: string, reserver: Reserver): Promise<boolean> {
  if (!(await isFree(folder, reserver))) return false;
  const createdFolder = await makeFolders(folder);
  const reservation = {
    runId,
    home: reserver.home,
    ...(createdFolder === undefined ? {} : { createdFolder }),
  };
  try {
    if (!(await createReservation(folder, reservation)))
      return await takeAbandoned(folder, reservation, reserver);
  } catch (error) {
    if (createdFolder !== undefined) await removeEmptyFolders(folder, createdFolder);
    throw error;
  }
  if (await looksEmpty(folder)) return true;
  // Another run ended between the check and the reservation, and its results are in the folder.
  await removeReservation(folder);
  return false;
}

/**
 * Reserves a folder whatever its content, for a run that may overwrite it (`exist_ok=True`). Returns false while another run that is
 * not over uses it.
 */
export async function reserveAsItIs(folder: string, runId: string, reserver: Reserver): Promise<boolean> {
  const createdFolder = await makeFolders(folder);
  const reservation = {
    runId,
    home: reserver.home,
    ...(createdFolder === undefined ? {} : { createdFolder }),
  };
  if (await createReservation(folder, reservation)) return true;
  return takeAbandoned(folder, reservation, reserver);
}

/** Whether a run that is not over has reserved the folder. If that is uncertain, it counts as reserved. */
export async function isHeld(folder: string, reserver: Reserver): Promise<boolean> {
  const reservation = await readReservation(folder);
  if (reservation === undefined) return false;
  return reservation === "unreadable" || !(await isAbandoned(reservation, reserver));
}

/** Whether the folder still has this run's reservation. If not, the folder was removed, replaced or unmounted. */
export async function isReservedBy(folder: string, runId: string): Promise<boolean> {
  const reservation = await readReservation(folder);
  return reservation !== undefined && reservation !== "unreadable" && reservation.runId === runId;
}

/** Ends this run's reservation, and removes the folders that were created for it if they stayed empty. */
export async function endReservation(folder: string, runId: string): Promise<void> {
  const reservation = await readReservation(folder);
  if (reservation === undefined || reservation === "unreadable" || reservation.runId !== runId) return;
  await removeReservation(folder);
  if (reservation.createdFolder !== undefined) await removeEmptyFolders(folder, reservation.createdFolder);
}

/**
 * Whether a run no longer needs its folder: it was killed before it wrote its intent, or it is over. If that is uncertain, the run
 * counts as needing it.
 */
async function isAbandoned({ runId, home }: Reservation, reserver: Reserver): Promise<boolean> {
  if (home !== reserver.home) return false;
  const run = runFolder(home, runId);
  if (!existsSync(run.path)) return true;
  try {
    if ((await reserver.locks.holder(run.lock)) !== undefined) return false;
    const { state, problem } = await readLedger(run.ledger);
    return problem === undefined && (state.plan === undefined || state.outcome !== undefined);
  } catch {
    return false;
  }
}

/** Replaces an abandoned reservation under a lock, because two processes that replace it would both believe that they have it. */
async function takeAbandoned(folder: string, reservation: Reservation, reserver: Reserver): Promise<boolean> {
  let lock: Lock | undefined;
  try {
    lock = await reserver.locks.take(join(reserver.home, "reservations.lock"));
    if (lock === undefined) return false;
    const found = await readReservation(folder);
    if (found === undefined || found === "unreadable") return false;
    if (found.runId !== reservation.runId && !(await isAbandoned(found, reserver))) return false;
    const { createdFolder = reservation.createdFolder } = found;
    await replaceReservation(folder, {
      ...reservation,
      ...(createdFolder === undefined ? {} : { createdFolder }),
    });
    return true;
  } finally {
    await lock?.release();
  }
}
