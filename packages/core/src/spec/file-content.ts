import type { BigIntStats } from "node:fs";

/** The digest of a file that was read, and a fingerprint that tells later whether the file has changed. */
export interface FileContent {
  /** The SHA-256 digest in hex. */
  readonly sha256: string;
  /** The result of `getFingerprint` for the open file, before its first byte was read. */
  readonly fingerprint: string;
}

type Identity = Pick<BigIntStats, "dev" | "ino" | "size" | "mtimeNs" | "ctimeNs">;

const fingerprintBytes = 8;
const hashBytes = 32;
const rowBytes = hashBytes + fingerprintBytes;
const rowsPerChunk = 16_384;
const leastRows = 64;
const unsetHash = "0".repeat(2 * hashBytes);

/**
 * Returns a fingerprint of a file's metadata: 8 bytes, one in each character. It changes if the file is written or replaced, or if its
 * times are set back, because that changes its ctime. It is not a buffer, because buffers are outside the heap, where the garbage
 * collector notices millions of them late.
 */
export function getFingerprint(file: string, { dev, ino, size, mtimeNs, ctimeNs }: Identity): string {
  const identity = `${file}\0${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  // Taken when it is needed, because the contract is also read in browsers, which have no such module.
  crypto ??= process.getBuiltinModule("node:crypto");
  return crypto.hash("sha256", identity, "binary").slice(0, fingerprintBytes);
}

let crypto: typeof import("node:crypto") | undefined;

/** A list of file contents that takes 40 bytes per entry, where objects would take 250. Entries that are never set take almost nothing. */
export class FileContents {
  readonly #capacity: number;
  readonly #chunks: (Buffer | undefined)[] = [];

  /** Creates a list of at most `capacity` entries. */
  constructor(capacity: number = Number.POSITIVE_INFINITY) {
    this.#capacity = capacity;
  }

  set(index: number, { sha256, fingerprint }: FileContent): void {
    const chunk = this.#getChunk(index);
    const row = (index % rowsPerChunk) * rowBytes;
    chunk.write(sha256, row, "hex");
    chunk.write(fingerprint, row + hashBytes, "latin1");
  }

  /** Returns the entry at an index; undefined if it was not set. */
  get(index: number): FileContent | undefined {
    const chunk = this.#chunks[Math.floor(index / rowsPerChunk)];
    if (chunk === undefined) return undefined;
    const row = (index % rowsPerChunk) * rowBytes;
    if (row >= chunk.length) return undefined;
    const sha256 = chunk.toString("hex", row, row + hashBytes);
    if (sha256 === unsetHash) return undefined;
    return { sha256, fingerprint: chunk.toString("latin1", row + hashBytes, row + rowBytes) };
  }

  #getChunk(index: number): Buffer {
    const position = Math.floor(index / rowsPerChunk);
    const chunk = this.#chunks[position];
    const neededBytes = ((index % rowsPerChunk) + 1) * rowBytes;
    if (chunk !== undefined && chunk.length >= neededBytes) return chunk;
    // Small at first, since most sets are, then twice as large each time.
    const rows = Math.min(rowsPerChunk, this.#capacity - position * rowsPerChunk);
    const grown = Buffer.alloc(Math.min(rows * rowBytes, Math.max(2 * neededBytes, leastRows * rowBytes)));
    chunk?.copy(grown);
    this.#chunks[position] = grown;
    return grown;
  }
}
