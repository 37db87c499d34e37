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

/** Who reserves, and what tells whether another one still does. */
export interface Reserver {
  readonly home: string;
  readonly locks: Locks;
}

/** Whether a run may put its results there: the folder is missing or empty, and no run that is not over has reserved it. */
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

/** Creates the folder and reserves it; false when somebody else has it by now. Of two processes, one gets it. */
export async function reserve(folder: string, runId: string, reserver: Reserver): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToReserve(folder, runId, reserver);
    } catch (error) {
      // A run that ended without a result removed the folder in between.
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
  // Another run ended between the look and the reservation: what it left is there.
  await removeReservation(folder);
  return false;
}

/**
 * For a run that adds to what a folder holds (`exist_ok=True`): reserves it as it is. False while another run that is not over
 * writes into it.
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

/** Whether a run that is not over has reserved the folder. What cannot be told counts as held. */
export async function isHeld(folder: string, reserver: Reserver): Promise<boolean> {
  const reservation = await readReservation(folder);
  if (reservation === undefined) return false;
  return reservation === "unreadable" || !(await isAbandoned(reservation, reserver));
}

/** Whether this run's reservation is still there: a folder without it was removed, replaced or unmounted. */
export async function isReservedBy(folder: string, runId: string): Promise<boolean> {
  const reservation = await readReservation(folder);
  return reservation !== undefined && reservation !== "unreadable" && reservation.runId === runId;
}

/** Ends this run's reservation, and removes the folders that were created for it where they stayed empty. */
export async function endReservation(folder: string, runId: string): Promise<void> {
  const reservation = await readReservation(folder);
  if (reservation === undefined || reservation === "unreadable" || reservation.runId !== runId) return;
  await removeReservation(folder);
  if (reservation.createdFolder !== undefined) await removeEmptyFolders(folder, reservation.createdFolder);
}

/** A run that was killed before it wrote anything down, or is over, needs its folder no longer. What cannot be told counts as needed. */
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

/** Only one process at a time replaces an abandoned reservation: two would both believe that it is theirs. */
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
