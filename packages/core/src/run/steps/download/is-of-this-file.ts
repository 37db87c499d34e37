import { type ErrorCode, UnitrainError } from "../../../spec/index.ts";

const allFilesErrors: readonly ErrorCode[] = [
  "CONNECTION_LOST",
  "NOT_READY",
  "MACHINE_GONE",
  "TIMED_OUT",
  "CANCELLED",
];

/** Whether the error concerns one file only. It does not if the machine is gone, the time is over or the local disk is full. */
export function isOfThisFile(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted) return false;
  if (!UnitrainError.isInstance(error)) return true;
  return !allFilesErrors.includes(error.code) && !saysDiskFull(error);
}

/** Whether the error says that this computer's disk is full. */
export function saysDiskFull(error: unknown): boolean {
  if (!UnitrainError.isInstance(error) || error.code !== "LOCAL_DISK") return false;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT";
}
