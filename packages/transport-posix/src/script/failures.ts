import { formatBytes, UnitrainError } from "@unitrain/core/spec";

/** The connection ended before it was known how the command did. */
export function lost(event: string, noise = "", cause?: unknown): UnitrainError {
  const words = noise.trim().slice(-500);
  return new UnitrainError("CONNECTION_LOST", `${event}${words === "" ? "." : `: ${words}`}`, {
    hint: "Connect again: what runs on the machine goes on without us.",
    retryable: true,
    cause,
  });
}

/** Why a call ended early: the signal's own reason when it is one of ours. */
export function cancelled(signal: AbortSignal): UnitrainError {
  const { reason } = signal;
  if (UnitrainError.isInstance(reason)) return reason;
  const timedOut = reason instanceof Error && reason.name === "TimeoutError";
  return new UnitrainError(
    timedOut ? "TIMED_OUT" : "CANCELLED",
    timedOut ? "The machine did not answer in time." : "The call was cancelled.",
    { cause: reason, retryable: timedOut },
  );
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

const noSpace = /no space left on device|disk quota exceeded|disc quota exceeded/i;

/** Whether a program there said that the disk is full. */
export function saysDiskFull(words: string): boolean {
  return noSpace.test(words);
}

/** A disk of the machine is full. `freeBytes` as told there, before anything of ours was taken away again. */
export function remoteDiskFull(action: string, neededBytes?: number, freeBytes?: number): UnitrainError {
  const need = neededBytes === undefined ? "" : `, which needs ${formatBytes(neededBytes)}`;
  const free = freeBytes === undefined ? "" : `: ${formatBytes(freeBytes)} free`;
  return new UnitrainError("REMOTE_DISK", `The machine's disk has no room for ${action}${need}${free}.`, {
    hint: "Free some space there, or take a machine with a larger disk. Nothing half-made was left behind.",
  });
}

/** A command of ours failed in a way it should not. */
export function commandFailed(action: string, exitCode: number, stderr: string): UnitrainError {
  const words = stderr.trim().slice(-500);
  if (saysDiskFull(words)) return remoteDiskFull(action);
  return new UnitrainError(
    "REMOTE_COMMAND",
    `The machine could not ${action} (exit ${exitCode})${words === "" ? "." : `: ${words}`}`,
    { hint: "The machine's own words say what it lacks." },
  );
}
