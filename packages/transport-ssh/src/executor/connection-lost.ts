import { UnitrainError } from "@unitrain/core/spec";

/** The command could not be given: the connection is over, or was before. */
export function connectionLostError(reason: string, cause?: unknown): UnitrainError {
  return new UnitrainError("CONNECTION_LOST", `The connection to the machine is over: ${reason}.`, {
    hint: "Connect again: what runs on the machine goes on without us.",
    retryable: true,
    cause,
  });
}
