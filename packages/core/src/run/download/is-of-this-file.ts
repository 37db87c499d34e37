import { type ErrorCode, UnitrainError } from "../../spec/index.ts";

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
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return !ofAll.includes(error.code) && code !== "ENOSPC" && code !== "EDQUOT";
}
