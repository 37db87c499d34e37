import { formatBytes, UnitrainError } from "@unitrain/core/spec";

/** Returns the error for a connection that ended before the result of a command arrived. */
export function connectionLostError(event: string, output = "", cause?: unknown): UnitrainError {
  const message = output.trim().slice(-500);
  return new UnitrainError("CONNECTION_LOST", `${event}${message === "" ? "." : `: ${message}`}`, {
    hint: "Connect again: jobs on the machine continue without a connection.",
    retryable: true,
    cause,
  });
}

/** Returns the error for an aborted call: the reason of the signal when it is a UnitrainError. */
export function cancelledError(signal: AbortSignal): UnitrainError {
  const { reason } = signal;
  if (UnitrainError.isInstance(reason)) return reason;
  const hasTimedOut = reason instanceof Error && reason.name === "TimeoutError";
  return new UnitrainError(
    hasTimedOut ? "TIMED_OUT" : "CANCELLED",
    hasTimedOut ? "The machine did not answer in time." : "The call was cancelled.",
    { cause: reason, retryable: hasTimedOut },
  );
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledError(signal);
}

const noSpace = /no space left on device|disk quota exceeded|disc quota exceeded/i;

/** Whether this is the message of a program on the machine whose disk is full. */
export function isDiskFullMessage(message: string): boolean {
  return noSpace.test(message);
}

/** Returns the error for a full disk of the machine. `freeBytes` is what was free before our files were removed again. */
export function remoteDiskFullError(action: string, neededBytes?: number, freeBytes?: number): UnitrainError {
  const need = neededBytes === undefined ? "" : `, which needs ${formatBytes(neededBytes)}`;
  const free = freeBytes === undefined ? "" : `: ${formatBytes(freeBytes)} free`;
  return new UnitrainError("REMOTE_DISK", `The machine's disk has no room for ${action}${need}${free}.`, {
    hint: "Free some space on the machine, or use one with a larger disk. Incomplete files were removed.",
  });
}

/** Returns the error for one of our own commands that failed unexpectedly. */
export function commandFailedError(action: string, exitCode: number, stderr: string): UnitrainError {
  const message = stderr.trim().slice(-500);
  if (isDiskFullMessage(message)) return remoteDiskFullError(action);
  return new UnitrainError(
    "REMOTE_COMMAND",
    `The machine could not ${action} (exit ${exitCode})${message === "" ? "." : `: ${message}`}`,
    { hint: "Fix what the machine reports, then try again." },
  );
}
