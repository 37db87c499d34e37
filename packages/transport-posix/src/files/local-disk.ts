import { open } from "node:fs/promises";
import { UnitrainError } from "@unitrain/core/spec";

/** A step on this computer's disk; what goes wrong is `LOCAL_DISK` and names the file. */
export async function withLocalDiskErrors<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const isFull = ["ENOSPC", "EDQUOT"].includes((cause as NodeJS.ErrnoException).code ?? "");
    const reason = isFull ? "the disk is full" : (cause as Error).message;
    throw new UnitrainError("LOCAL_DISK", `${path} cannot be written on this computer: ${reason}.`, {
      hint: isFull
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
