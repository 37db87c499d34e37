import { type ErrorCode, UnitrainError } from "../../../spec/index.ts";

const ofAll: readonly ErrorCode[] = [
  "CONNECTION_LOST",
  "NOT_READY",
  "MACHINE_GONE",
  "TIMED_OUT",
  "CANCELLED",
];

/** Whether the next file may fare better: not when the machine is gone, the time is over or this computer's disk is full. */
export function isOfThisFile(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted) return false;
  if (!UnitrainError.isInstance(error)) return true;
  return !ofAll.includes(error.code) && !saysDiskFull(error);
}

/** Whether this computer's disk had no room. */
export function saysDiskFull(error: unknown): boolean {
  if (!UnitrainError.isInstance(error) || error.code !== "LOCAL_DISK") return false;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT";
}
