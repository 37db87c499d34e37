import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readPlainFile } from "../state/read-plain-file.ts";
import { replaceFile } from "../state/write-file.ts";

/** The content of the file that marks an output folder as used, from the start of its run to its end. */
export interface Reservation {
  readonly runId: string;
  /** The state folder that has the run's ledger. */
  readonly home: string;
  /** The topmost folder that was created for the reservation; folders that stayed empty are removed up to it. */
  readonly createdFolder?: string | undefined;
}

const fileName = ".unitrain-reservation";

/** Files of file managers, git and unitrain that do not count as content of a folder. */
const countsAsEmpty = new Set([
  fileName,
  ".DS_Store",
  ".gitignore",
  ".gitkeep",
  ".keep",
  ".localized",
  "Thumbs.db",
  "desktop.ini",
]);

/** Reads the reservation of a folder; undefined if there is none. */
export async function readReservation(folder: string): Promise<Reservation | "unreadable" | undefined> {
  try {
    const read = JSON.parse(await readPlainFile(join(folder, fileName))) as Partial<Reservation> | null;
    const { runId, home, createdFolder } = read ?? {};
    if (typeof runId !== "string" || typeof home !== "string") return "unreadable";
    return { runId, home, ...(typeof createdFolder === "string" ? { createdFolder } : {}) };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : "unreadable";
  }
}

/** Creates a reservation; returns false if there is one already. Of two processes, exactly one succeeds. */
export async function createReservation(folder: string, reservation: Reservation): Promise<boolean> {
  try {
    const handle = await open(join(folder, fileName), "wx");
    try {
      await handle.writeFile(formatReservation(reservation));
      await handle.sync();
    } catch (error) {
      await rm(join(folder, fileName), { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

export async function replaceReservation(folder: string, reservation: Reservation): Promise<void> {
  await replaceFile(join(folder, fileName), formatReservation(reservation), 0o644);
}

export async function removeReservation(folder: string): Promise<void> {
  await rm(join(folder, fileName), { force: true });
}

/** Whether an existing folder has no content that counts. */
export async function looksEmpty(folder: string): Promise<boolean> {
  return (await readdir(folder)).every((name) => countsAsEmpty.has(name));
}

function formatReservation(reservation: Reservation): string {
  return `${JSON.stringify(reservation)}\n`;
}
