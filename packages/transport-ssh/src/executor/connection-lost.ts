import { UnitrainError } from "@unitrain/core/spec";

/** Returns the error for a command that could not be sent, because the connection has ended. */
export function connectionLostError(reason: string, cause?: unknown): UnitrainError {
  return new UnitrainError("CONNECTION_LOST", `The connection to the machine was lost: ${reason}.`, {
    hint: "Connect again: jobs on the machine continue without a connection.",
    retryable: true,
    cause,
  });
}
