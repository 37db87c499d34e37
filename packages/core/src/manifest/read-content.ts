import { createHash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { type FileContent, getFingerprint, UnitrainError } from "../spec/index.ts";
import { isSettled } from "./path-snapshot.ts";

const blockBytes = 1024 * 1024;

/** For content that lies in no file, or in one that may change without a sign of it. */
export const noFingerprint = "\0".repeat(8);

/**
 * Whether a file still is as it was read, by what the file system says of it. Does not open it. False also for one whose last
 * change was so close to the reading that a later one might not show.
 */
export function isUnchanged(file: string, { fingerprint }: FileContent, readAtMs: number): boolean {
  try {
    const stats = statSync(file, { bigint: true });
    return getFingerprint(file, stats) === fingerprint && isSettled(stats, readAtMs);
  } catch {
    return false;
  }
}

/** Reads a file to its end. Throws `DATA_CHANGED` when it no longer is a file of this size. */
export function readContent(file: string, sizeBytes: number, now: () => number): FileContent {
  const readAtMs = now();
  let descriptor: number;
  try {
    // Not blocking: a named pipe with the name of an image must not hang us.
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
    hint: "Let whatever writes into the dataset finish, then plan again.",
    cause,
  });
}
