import { UnitrainError } from "../spec/index.ts";

/** Creates the error for a file on this computer that could not be written. */
export function createLocalDiskError(path: string, cause: unknown): UnitrainError {
  const code = (cause as NodeJS.ErrnoException).code;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new UnitrainError(
    "LOCAL_DISK",
    `${path} cannot be written${isFull ? ": the disk is full" : code ? ` (${code})` : ""}.`,
    {
      hint: isFull
        ? "Free some space on this computer, then attach to the run."
        : "Change the folder's permissions, then attach to the run.",
      action: { type: "attach" },
      cause,
    },
  );
}
