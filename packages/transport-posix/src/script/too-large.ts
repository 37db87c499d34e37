import { UnitrainError } from "@unitrain/core/spec";

/** Returns the error for data of a machine that exceeds a limit. It is not retryable, because the machine would send it again. */
export function tooLargeError(subject: string, limit: string): UnitrainError {
  return new UnitrainError("FETCH_FAILED", `${subject} exceeds the limit: more than ${limit}.`, {
    hint: "Download the file again if it grew meanwhile; otherwise check what the machine sends.",
  });
}
