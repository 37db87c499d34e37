const hashBytes = 32;
const fingerprintBytes = 8;
const rowBytes = hashBytes + fingerprintBytes;
const rowsPerChunk = 16_384;

/**
 * 32 bytes, or the 8 of a fingerprint, one in each character (`latin1`). As buffers, two a file, they would lie off the heap,
 * where the garbage collector is late to see that there are millions of them.
 */
export type ByteText = string;

/** For content that lies in no file. */
export const noFingerprint: ByteText = "\0".repeat(fingerprintBytes);

/** The hashes of a manifest that was read before, with a fingerprint of what `stat` said of each file then. */
interface CachedHashes {
  readonly count: number;
  readonly chunks: readonly Buffer[];
}

/** Keeps the hashes of the last manifest, so that `start` need not read again what `plan` read in the same process. */
export class HashCache {
  cached: CachedHashes = { count: 0, chunks: [] };
}

/**
 * Gathers one SHA-256 per file, in the order of a manifest: 40 bytes each, where strings would take four times as much.
 * Chunks of the last manifest are shared as long as nothing in them differs.
 */
export class HashCollector {
  readonly #cache: HashCache;
  readonly #known: CachedHashes;
  readonly #chunks: Buffer[];
  #owned = -1;
  #count = 0;

  constructor(cache: HashCache) {
    this.#cache = cache;
    this.#known = cache.cached;
    this.#chunks = [...cache.cached.chunks];
  }

  /** Takes the hash of the last time when the file at this place still has the same fingerprint. */
  takeKnown(fingerprint: ByteText): boolean {
    if (this.#count >= this.#known.count || fingerprintAt(this.#known.chunks, this.#count) !== fingerprint)
      return false;
    this.add(hashAt(this.#known.chunks, this.#count), fingerprint);
    return true;
  }

  add(hash: ByteText, fingerprint: ByteText): void {
    const chunk = Math.floor(this.#count / rowsPerChunk);
    if (!this.#isKnown(hash, fingerprint)) {
      if (chunk !== this.#owned) this.#own(chunk);
      this.#chunks[chunk]?.write(hash + fingerprint, (this.#count % rowsPerChunk) * rowBytes, "latin1");
    }
    this.#count++;
  }

  /** The hash of the file at a place, hex. Also of a place that was just added. */
  readonly at = (index: number): string => textAt(this.#chunks, index, 0, hashBytes, "hex");

  /** Keeps what was gathered for the next time; answers how many there are. */
  finish(): number {
    this.#chunks.length = Math.ceil(this.#count / rowsPerChunk);
    this.#cache.cached = { count: this.#count, chunks: [...this.#chunks] };
    return this.#count;
  }

  #isKnown(hash: ByteText, fingerprint: ByteText): boolean {
    // Once a chunk is a copy, it is written into.
    if (this.#count >= this.#known.count || Math.floor(this.#count / rowsPerChunk) === this.#owned)
      return false;
    const { chunks } = this.#known;
    return hashAt(chunks, this.#count) === hash && fingerprintAt(chunks, this.#count) === fingerprint;
  }

  /** Chunks of the last manifest may belong to a run that is being uploaded: they are copied, never written into. */
  #own(chunk: number): void {
    const copy = Buffer.alloc(rowsPerChunk * rowBytes);
    this.#chunks[chunk]?.copy(copy);
    this.#chunks[chunk] = copy;
    this.#owned = chunk;
  }
}

const hashAt = (chunks: readonly Buffer[], index: number): ByteText =>
  textAt(chunks, index, 0, hashBytes, "latin1");

const fingerprintAt = (chunks: readonly Buffer[], index: number): ByteText =>
  textAt(chunks, index, hashBytes, rowBytes, "latin1");

function textAt(
  chunks: readonly Buffer[],
  index: number,
  from: number,
  to: number,
  encoding: "hex" | "latin1",
): string {
  const row = (index % rowsPerChunk) * rowBytes;
  return chunks[Math.floor(index / rowsPerChunk)]?.toString(encoding, row + from, row + to) ?? "";
}
