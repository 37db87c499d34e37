import { UnitrainError } from "@unitrain/core/spec";

/** What a machine sends has bounds: past one of them nothing more is read. Not retried, since it would come again. */
export function tooLargeError(subject: string, limit: string): UnitrainError {
  return new UnitrainError("FETCH_FAILED", `${subject} is longer than it may be: more than ${limit}.`, {
    hint: "Look at what the machine sends; a file that grew meanwhile can be downloaded again.",
  });
}
