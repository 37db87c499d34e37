import { formatBytes, type Shipment, UnitrainError } from "@unitrain/core/spec";
import { isDiskFullMessage, remoteDiskFullError } from "../script/failures.ts";
import { receiveFailure } from "./store-script.ts";

/** Returns the error for the exit code and the output of the scripts that receive a shipment. */
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
        `The machine's disk cannot hold more files: its table of files (inodes) is full, and ${shipment.files} files are needed.`,
        {
          hint: "Remove small files from the machine. The disk still has free space.",
        },
      );
    }
    return remoteDiskFullError("the dataset", shipment.bytes, kilobytesToBytes(freeKilobytes));
  }
  switch (done.exitCode) {
    case receiveFailure.noTar:
      return shipFailedError(
        "Cannot upload the dataset: the machine has no tar.",
        "Install tar on the machine.",
      );
    case receiveFailure.noSha256:
      return shipFailedError(
        "Cannot upload the dataset: the machine has no openssl, sha256sum or shasum to check it with.",
        "Install one of them on the machine.",
      );
    case receiveFailure.different:
      return shipFailedError(
        `The upload is damaged: what arrived on the machine differs from what was sent: ${output}`,
        "Try again. If it fails again, check the machine's disk and memory, and whether its file system distinguishes upper and lower case.",
        true,
      );
    case receiveFailure.incomplete:
      return shipFailedError("The upload is incomplete.", "Try again.", true);
    default:
      return shipFailedError(
        `The machine cannot store the dataset: ${output.slice(-500)}`,
        "Fix what the machine reports, then try again.",
      );
  }
}

/** Throws when the disk has too little space. The run's copy needs as much again where the disk cannot share blocks. */
export function checkRoom(
  shipment: Shipment,
  freeKilobytes: string | undefined,
  canShareBlocks: boolean,
): void {
  const freeBytes = kilobytesToBytes(freeKilobytes);
  if (freeBytes === undefined || freeBytes >= shipment.bytes * (canShareBlocks ? 1 : 2)) return;
  const explanation = canShareBlocks
    ? ""
    : " twice, because the store keeps them for later runs and the training gets its own copy";
  throw new UnitrainError(
    "REMOTE_DISK",
    `The machine's disk has ${formatBytes(freeBytes)} free; the dataset's ${formatBytes(shipment.bytes)} are needed${explanation}.`,
    { hint: "Free some space on the machine, or use one with a larger disk. Nothing was sent." },
  );
}

function kilobytesToBytes(kilobytes: string | undefined): number | undefined {
  return kilobytes === undefined || kilobytes === "" ? undefined : Number(kilobytes) * 1024;
}

function shipFailedError(message: string, hint: string, retryable = false): UnitrainError {
  return new UnitrainError("SHIP_FAILED", message, { hint, retryable });
}
