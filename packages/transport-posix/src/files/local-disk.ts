import { open } from "node:fs/promises";
import { UnitrainError } from "@unitrain/core/spec";

/** Runs a step on the disk of this computer. A failure becomes `LOCAL_DISK`, with the path of the file. */
export async function withLocalDiskErrors<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const isFull = ["ENOSPC", "EDQUOT"].includes((cause as NodeJS.ErrnoException).code ?? "");
    const reason = isFull ? "the disk is full" : (cause as Error).message;
    throw new UnitrainError("LOCAL_DISK", `Cannot write ${path} on this computer: ${reason}.`, {
      hint: isFull
        ? "Free some space, then download again: the download resumes where it stopped."
        : "Check that the folder exists and is writable.",
      cause,
    });
  }
}

/** Flushes the folder, so that a rename in it survives a power failure. Windows cannot flush folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
