const hashBytes = 32;
const fingerprintBytes = 8;
const rowBytes = hashBytes + fingerprintBytes;
const rowsPerChunk = 16_384;

/** For content that lies in no file. */
export const noFingerprint: Buffer = Buffer.alloc(fingerprintBytes);

/** The hashes of a manifest that was read before, with a fingerprint of what `stat` said of each file then. */
interface KnownHashes {
  readonly count: number;
  readonly chunks: readonly Buffer[];
}

/** Keeps the hashes of the last manifest, so that `start` need not read again what `plan` read in the same process. */
export class HashCache {
  known: KnownHashes = { count: 0, chunks: [] };
}

/**
 * Gathers one SHA-256 per file, in the order of a manifest: 40 bytes each, where strings would take four times as much.
 * Chunks of the last manifest are shared as long as nothing in them differs.
 */
export class HashCollector {
  readonly #cache: HashCache;
  readonly #known: KnownHashes;
  readonly #chunks: Buffer[];
  #owned = -1;
  #count = 0;

  constructor(cache: HashCache) {
    this.#cache = cache;
    this.#known = cache.known;
    this.#chunks = [...cache.known.chunks];
  }

  /** Takes the hash of the last time when the file at this place still has the same fingerprint. */
  takeKnown(fingerprint: Buffer): boolean {
    if (this.#count >= this.#known.count) return false;
    const row = rowAt(this.#known.chunks, this.#count);
    if (!row.subarray(hashBytes).equals(fingerprint)) return false;
    this.add(row.subarray(0, hashBytes), fingerprint);
    return true;
  }

  add(hash: Buffer, fingerprint: Buffer): void {
    const chunk = Math.floor(this.#count / rowsPerChunk);
    if (!this.#isKnown(hash, fingerprint)) {
      if (chunk !== this.#owned) this.#own(chunk);
      const row = rowAt(this.#chunks, this.#count);
      hash.copy(row);
      fingerprint.copy(row, hashBytes);
    }
    this.#count++;
  }

  /** The hash of the file at a place, hex. Also of a place that was just added. */
  readonly at = (index: number): string => rowAt(this.#chunks, index).toString("hex", 0, hashBytes);

  /** Keeps what was gathered for the next time; answers how many there are. */
  finish(): number {
    this.#chunks.length = Math.ceil(this.#count / rowsPerChunk);
    this.#cache.known = { count: this.#count, chunks: [...this.#chunks] };
    return this.#count;
  }

  #isKnown(hash: Buffer, fingerprint: Buffer): boolean {
    // Once a chunk is a copy, it is written into.
    if (this.#count >= this.#known.count || Math.floor(this.#count / rowsPerChunk) === this.#owned)
      return false;
    const row = rowAt(this.#known.chunks, this.#count);
    return row.subarray(0, hashBytes).equals(hash) && row.subarray(hashBytes).equals(fingerprint);
  }

  /** Chunks of the last manifest may belong to a run that is being uploaded: they are copied, never written into. */
  #own(chunk: number): void {
    const copy = Buffer.alloc(rowsPerChunk * rowBytes);
    this.#chunks[chunk]?.copy(copy);
    this.#chunks[chunk] = copy;
    this.#owned = chunk;
  }
}

function rowAt(chunks: readonly Buffer[], index: number): Buffer {
  const from = (index % rowsPerChunk) * rowBytes;
  return chunks[Math.floor(index / rowsPerChunk)]?.subarray(from, from + rowBytes) ?? Buffer.alloc(rowBytes);
}
