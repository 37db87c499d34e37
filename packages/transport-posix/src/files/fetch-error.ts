import { type RemoteFile, UnitrainError } from "@unitrain/core/spec";
import { fileMissing, noSha256Program, notRegularFile } from "./fetch-script.ts";

/** What the machine's exit code means. */
export function fetchError({ path }: RemoteFile, exitCode: number, stderr: string): UnitrainError {
  if (exitCode === fileMissing)
    return fetchFailedError(`${path} is not on the machine any more.`, "List what is there again.");
  if (exitCode === notRegularFile) {
    return fetchFailedError(
      `${path} is not a regular file: it is not fetched.`,
      "Only files are downloaded; links and devices may lead anywhere.",
    );
  }
  if (exitCode === noSha256Program) {
    return fetchFailedError(
      `The machine has nothing to compute the sha256 of ${path} with.`,
      "Install openssl, coreutils (sha256sum) or perl (shasum) there.",
    );
  }
  const output = stderr.trim().slice(-500);
  return fetchFailedError(
    `${path} could not be read (exit ${exitCode}): ${output}`,
    "The machine's own words say why.",
  );
}

function fetchFailedError(message: string, hint: string): UnitrainError {
  return new UnitrainError("FETCH_FAILED", message, { hint });
}
