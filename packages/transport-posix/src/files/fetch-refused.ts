import { type RemoteFile, UnitrainError } from "@unitrain/core/spec";
import { noHash, notRegular, notThere } from "./fetch-script.ts";

/** What the machine's exit code means. */
export function fetchRefused({ path }: RemoteFile, exitCode: number, stderr: string): UnitrainError {
  if (exitCode === notThere)
    return failed(`${path} is not on the machine any more.`, "List what is there again.");
  if (exitCode === notRegular) {
    return failed(
      `${path} is not a regular file: it is not fetched.`,
      "Only files are downloaded; links and devices may lead anywhere.",
    );
  }
  if (exitCode === noHash) {
    return failed(
      `The machine has nothing to compute the sha256 of ${path} with.`,
      "Install openssl, coreutils (sha256sum) or perl (shasum) there.",
    );
  }
  const words = stderr.trim().slice(-500);
  return failed(`${path} could not be read (exit ${exitCode}): ${words}`, "The machine's own words say why.");
}

function failed(message: string, hint: string): UnitrainError {
  return new UnitrainError("FETCH_FAILED", message, { hint });
}
