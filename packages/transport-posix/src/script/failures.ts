import { formatBytes, UnitrainError } from "@unitrain/core/spec";

/** The connection ended before it was known how the command did. */
export function connectionLostError(event: string, output = "", cause?: unknown): UnitrainError {
  const message = output.trim().slice(-500);
  return new UnitrainError("CONNECTION_LOST", `${event}${message === "" ? "." : `: ${message}`}`, {
    hint: "Connect again: what runs on the machine goes on without us.",
    retryable: true,
    cause,
  });
}

/** Why a call ended early: the signal's own reason when it is one of ours. */
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

/** Whether a program there said that the disk is full. */
export function isDiskFullMessage(message: string): boolean {
  return noSpace.test(message);
}

/** A disk of the machine is full. `freeBytes` as told there, before anything of ours was taken away again. */
export function remoteDiskFullError(action: string, neededBytes?: number, freeBytes?: number): UnitrainError {
  const need = neededBytes === undefined ? "" : `, which needs ${formatBytes(neededBytes)}`;
  const free = freeBytes === undefined ? "" : `: ${formatBytes(freeBytes)} free`;
  return new UnitrainError("REMOTE_DISK", `The machine's disk has no room for ${action}${need}${free}.`, {
    hint: "Free some space there, or take a machine with a larger disk. Nothing half-made was left behind.",
  });
}

/** A command of ours failed in a way it should not. */
export function commandFailedError(action: string, exitCode: number, stderr: string): UnitrainError {
  const message = stderr.trim().slice(-500);
  if (isDiskFullMessage(message)) return remoteDiskFullError(action);
  return new UnitrainError(
    "REMOTE_COMMAND",
    `The machine could not ${action} (exit ${exitCode})${message === "" ? "." : `: ${message}`}`,
    { hint: "The machine's own words say what it lacks." },
  );
}
