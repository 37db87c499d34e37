import { open } from "node:fs/promises";
import { UnitrainError } from "@unitrain/core/spec";

/** A step on this computer's disk; what goes wrong is `LOCAL_DISK` and names the file. */
export async function onLocalDisk<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const full = ["ENOSPC", "EDQUOT"].includes((cause as NodeJS.ErrnoException).code ?? "");
    const why = full ? "the disk is full" : (cause as Error).message;
    throw new UnitrainError("LOCAL_DISK", `${path} cannot be written on this computer: ${why}.`, {
      hint: full
        ? "Free some space, then fetch again: it goes on where it stopped."
        : "See whether the folder is there and may be written to.",
      cause,
    });
  }
}

/** Puts names that were given in this folder on disk. Windows has no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
