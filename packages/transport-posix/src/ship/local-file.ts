import { createHash, type Hash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type ManifestEntry, UnitrainError } from "@unitrain/core/spec";

/** The bytes of one manifest entry, read in pieces and checked against its size and sha256. */
export interface LocalFile {
  /** Reads into `into` and returns the number of bytes. Throws `DATA_CHANGED` when the file has changed. */
  read(into: Buffer): number;
  readonly remainingBytes: number;
  /** Returns the sha256 in hex. Call it once everything was read. */
  sha256(): string;
  close(): void;
}

// Non-blocking, because opening a named pipe in place of an image would wait for ever.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

export function openEntry(entry: ManifestEntry): LocalFile {
  const { from, sizeBytes } = entry;
  if ("file" in from) return openFile(entry, from.file);
  const bytes = Buffer.from(from.bytes.buffer, from.bytes.byteOffset, from.bytes.byteLength);
  if (bytes.length !== sizeBytes)
    throw dataChangedError(entry.path, `it has ${bytes.length} bytes instead of ${sizeBytes}`);
  let readBytes = 0;
  return {
    read(into) {
      const count = bytes.copy(into, 0, readBytes);
      readBytes += count;
      return count;
    },
    get remainingBytes() {
      return sizeBytes - readBytes;
    },
    sha256: () => checkSha256(entry, hash("sha256", bytes)),
    close() {},
  };
}

function openFile(entry: ManifestEntry, file: string): LocalFile {
  const { sizeBytes } = entry;
  const descriptor = openDescriptor(entry, file);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw notRegularError(file);
    if (stat.size !== sizeBytes)
      throw dataChangedError(file, `it has ${stat.size} bytes instead of ${sizeBytes}`);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  let readBytes = 0;
  let incrementalHash: Hash | undefined;
  let fileHash: string | undefined;
  let isAtEnd = false;
  return {
    read(into) {
      // Ask for one byte more than expected, where there is room, to notice a file that grew without another call.
      const wantedBytes = Math.min(into.length, sizeBytes - readBytes + 1);
      const count = readAt(file, descriptor, into, wantedBytes);
      if (count > sizeBytes - readBytes) throw dataChangedError(file, "it grew while it was read");
      if (count === 0) throw dataChangedError(file, "it shrank while it was read");
      isAtEnd = count < wantedBytes;
      if (readBytes === 0 && count === sizeBytes) fileHash = hash("sha256", into.subarray(0, count));
      else {
        incrementalHash ??= createHash("sha256");
        incrementalHash.update(into.subarray(0, count));
      }
      readBytes += count;
      return count;
    },
    get remainingBytes() {
      return sizeBytes - readBytes;
    },
    sha256() {
      if (!isAtEnd && readAt(file, descriptor, oneByte, 1) > 0)
        throw dataChangedError(file, "it grew while it was read");
      return checkSha256(entry, fileHash ?? incrementalHash?.digest("hex") ?? hash("sha256", ""));
    },
    close: () => closeSync(descriptor),
  };
}

const oneByte = Buffer.alloc(1);

function readAt(file: string, descriptor: number, into: Buffer, length: number): number {
  try {
    return readSync(descriptor, into, 0, length, null);
  } catch (cause) {
    throw unreadableError(file, cause);
  }
}

function openDescriptor(entry: ManifestEntry, file: string): number {
  try {
    return openSync(file, openFlags);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw dataChangedError(file, "it no longer exists", cause);
    // Opening a socket fails with one of these codes.
    if (code === "ENXIO" || code === "EISDIR" || code === "EOPNOTSUPP") throw notRegularError(file, cause);
    throw unreadableError(file, cause, entry.path);
  }
}

function checkSha256({ path, from, sha256 }: ManifestEntry, found: string): string {
  if (sha256 === undefined || sha256 === found) return found;
  throw dataChangedError("file" in from ? from.file : path, "its content differs from the plan");
}

function dataChangedError(file: string, change: string, cause?: unknown): UnitrainError {
  return new UnitrainError("DATA_CHANGED", `${file} changed while it was uploaded: ${change}.`, {
    hint: "Wait until nothing writes into the dataset any more, then plan again.",
    cause,
  });
}

function notRegularError(file: string, cause?: unknown): UnitrainError {
  return new UnitrainError("UNSAFE_PATH", `Cannot upload ${file}: it is not a regular file.`, {
    hint: "Remove folders, pipes, sockets and devices from the files of the dataset.",
    cause,
  });
}

function unreadableError(file: string, cause: unknown, name = file): UnitrainError {
  return new UnitrainError("SHIP_FAILED", `Cannot upload ${name}: ${(cause as Error).message}.`, {
    hint: `Check that this user can read ${file}.`,
    cause,
  });
}
