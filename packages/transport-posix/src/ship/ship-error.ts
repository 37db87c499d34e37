import { formatBytes, type Shipment, UnitrainError } from "@unitrain/core/spec";
import { isDiskFullMessage, remoteDiskFullError } from "../script/failures.ts";
import { receiveFailure } from "./store-script.ts";

/** What the machine's exit code, and its words, mean. */
export function shipError(
  shipment: Shipment,
  done: { readonly exitCode: number; readonly stdout: string; readonly stderr: string },
): UnitrainError {
  const output = done.stderr.replaceAll(/^.*unknown extended header keyword.*$\n?/gm, "").trim();
  const [, freeKilobytes, freeFiles] = /^free (\d+) ?(\d*)/m.exec(done.stdout) ?? [];
  if (isDiskFullMessage(output)) {
    if (freeFiles === "0") {
      return new UnitrainError(
        "REMOTE_DISK",
        `The machine's disk takes no more files; ${shipment.files} are needed.`,
        {
          hint: "It has room, but its table of files (inodes) is full: remove many small ones there.",
        },
      );
    }
    return remoteDiskFullError("the dataset", shipment.bytes, kilobytesToBytes(freeKilobytes));
  }
  switch (done.exitCode) {
    case receiveFailure.noTar:
      return shipFailedError(
        "The machine has no tar.",
        "Install it there: a dataset travels as one tar stream.",
      );
    case receiveFailure.noSha256:
      return shipFailedError(
        "The machine has no openssl, sha256sum or shasum: what arrives there cannot be checked.",
        "Install one of them there.",
      );
    case receiveFailure.different:
      return shipFailedError(
        `What arrived on the machine is not what was sent: ${output}`,
        "Try again; when it stays so, the machine's disk or memory is at fault, or its file names take no capitals.",
        true,
      );
    case receiveFailure.incomplete:
      return shipFailedError("The shipment did not arrive whole.", "Try again.", true);
    default:
      return shipFailedError(
        `The machine could not store the dataset: ${output.slice(-500)}`,
        "Its own words say why.",
      );
  }
}

/** Before anything is sent. The view needs as much again where the disk cannot share blocks. */
export function checkRoom(
  shipment: Shipment,
  freeKilobytes: string | undefined,
  canShareBlocks: boolean,
): void {
  const freeBytes = kilobytesToBytes(freeKilobytes);
  if (freeBytes === undefined || freeBytes >= shipment.bytes * (canShareBlocks ? 1 : 2)) return;
  const explanation = canShareBlocks
    ? ""
    : " twice: the store keeps them for later runs, and the training gets a copy of its own";
  throw new UnitrainError(
    "REMOTE_DISK",
    `The machine's disk has ${formatBytes(freeBytes)} free; the dataset's ${formatBytes(shipment.bytes)} are needed${explanation}.`,
    { hint: "Free some space there, or take a machine with a larger disk. Nothing was sent." },
  );
}

function kilobytesToBytes(kilobytes: string | undefined): number | undefined {
  return kilobytes === undefined || kilobytes === "" ? undefined : Number(kilobytes) * 1024;
}

function shipFailedError(message: string, hint: string, retryable = false): UnitrainError {
  return new UnitrainError("SHIP_FAILED", message, { hint, retryable });
}
