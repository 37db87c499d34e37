import { createHash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { type FileContent, getFingerprint, UnitrainError } from "../spec/index.ts";
import { isSettled } from "./path-snapshot.ts";

const blockBytes = 1024 * 1024;

/** The fingerprint of content that is not in a file, or is in a file that may change without its times showing it. */
export const noFingerprint = "\0".repeat(8);

/**
 * Returns whether a file is unchanged since it was read, judging by its metadata, without opening it. Returns false also if its
 * last change was so close to the reading that a later change might not show.
 */
export function isUnchanged(file: string, { fingerprint }: FileContent, readAtMs: number): boolean {
  try {
    const stats = statSync(file, { bigint: true });
    return getFingerprint(file, stats) === fingerprint && isSettled(stats, readAtMs);
  } catch {
    return false;
  }
}

/** Reads and hashes a file. Throws `DATA_CHANGED` if it is no longer a regular file of this size. */
export function readContent(file: string, sizeBytes: number, now: () => number): FileContent {
  const readAtMs = now();
  let descriptor: number;
  try {
    // Open without blocking, so that a named pipe with the name of an image does not hang this process.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw refuseChange(file, "it cannot be read", error);
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) throw refuseChange(file, "it is not a regular file");
    if (stats.size !== BigInt(sizeBytes)) throw refuseChange(file, "its size changed since it was listed");
    return {
      sha256: hashContent(descriptor, sizeBytes, file),
      fingerprint: isSettled(stats, readAtMs) ? getFingerprint(file, stats) : noFingerprint,
    };
  } finally {
    closeSync(descriptor);
  }
}

const block = Buffer.allocUnsafeSlow(blockBytes);

function hashContent(descriptor: number, sizeBytes: number, file: string): string {
  let read = readSync(descriptor, block, 0, blockBytes, null);
  if (read === sizeBytes && read < blockBytes) return hash("sha256", block.subarray(0, read));
  const running = createHash("sha256");
  for (let count = read; count > 0; read += count) {
    running.update(block.subarray(0, count));
    count = readSync(descriptor, block, 0, blockBytes, null);
  }
  if (read !== sizeBytes) throw refuseChange(file, "its size changed while it was read");
  return running.digest("hex");
}

export function refuseChange(file: string, change: string, cause?: unknown): UnitrainError {
  return new UnitrainError("DATA_CHANGED", `${file}: ${change}.`, {
    hint: "Wait until nothing writes to the dataset any more, then plan again.",
    cause,
  });
}
