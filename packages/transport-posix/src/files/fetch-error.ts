import { type RemoteFile, UnitrainError } from "@unitrain/core/spec";
import { fileMissing, noSha256Program, notRegularFile } from "./fetch-script.ts";

/** Returns the error for an exit code of the fetch script. */
export function fetchError({ path }: RemoteFile, exitCode: number, stderr: string): UnitrainError {
  if (exitCode === fileMissing)
    return fetchFailedError(
      `Cannot download ${path}: it no longer exists on the machine.`,
      "List the files again.",
    );
  if (exitCode === notRegularFile) {
    return fetchFailedError(
      `Cannot download ${path}: it is not a regular file.`,
      "Copy the data into a regular file: links and devices are never followed, because they may lead anywhere.",
    );
  }
  if (exitCode === noSha256Program) {
    return fetchFailedError(
      `Cannot download ${path}: the machine has no program that computes a sha256.`,
      "Install openssl, coreutils (sha256sum) or perl (shasum) on the machine.",
    );
  }
  const output = stderr.trim().slice(-500);
  return fetchFailedError(
    `Cannot download ${path}: reading it failed on the machine (exit ${exitCode}): ${output}`,
    "Check the permissions of the file and the state of the machine's disk.",
  );
}

function fetchFailedError(message: string, hint: string): UnitrainError {
  return new UnitrainError("FETCH_FAILED", message, { hint });
}
