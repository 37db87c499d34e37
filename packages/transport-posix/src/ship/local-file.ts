import { createHash, type Hash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type ManifestEntry, UnitrainError } from "@unitrain/core/spec";

/** One entry's bytes, read in pieces; done when it has its size, and still is what it was. */
export interface LocalFile {
  /** Fills as much of `into` as there is left of the file; answers how much. Throws `DATA_CHANGED` when the file is another one by now. */
  read(into: Buffer): number;
  readonly remainingBytes: number;
  /** Hex, once all was read. */
  sha256(): string;
  close(): void;
}

// Not blocking: a pipe with the name of an image must not hang us.
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
      // One byte more than there should be, where there is room: that tells a file that grew without another call.
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
    if (code === "ENOENT" || code === "ENOTDIR")
      throw dataChangedError(file, "it is not there any more", cause);
    // A socket cannot be opened at all.
    if (code === "ENXIO" || code === "EISDIR" || code === "EOPNOTSUPP") throw notRegularError(file, cause);
    throw unreadableError(file, cause, entry.path);
  }
}

function checkSha256({ path, from, sha256 }: ManifestEntry, found: string): string {
  if (sha256 === undefined || sha256 === found) return found;
  throw dataChangedError("file" in from ? from.file : path, "its content is another one than was planned");
}

function dataChangedError(file: string, change: string, cause?: unknown): UnitrainError {
  return new UnitrainError("DATA_CHANGED", `${file} changed while it was shipped: ${change}.`, {
    hint: "Let whatever writes into the dataset finish, then plan again.",
    cause,
  });
}

function notRegularError(file: string, cause?: unknown): UnitrainError {
  return new UnitrainError("UNSAFE_PATH", `${file} is not a regular file: it is not shipped.`, {
    hint: "Folders, pipes, sockets and devices have no place among the files of a dataset.",
    cause,
  });
}

function unreadableError(file: string, cause: unknown, name = file): UnitrainError {
  return new UnitrainError("SHIP_FAILED", `${name} cannot be read: ${(cause as Error).message}.`, {
    hint: `See whether ${file} may be read by this user.`,
    cause,
  });
}
