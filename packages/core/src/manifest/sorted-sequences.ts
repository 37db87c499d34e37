import type { Manifest, ManifestEntry } from "../spec/index.ts";

const entriesPerBatch = 1000;
/** Bounds the number of passes over the manifest, because each sequence needs one. */
const mostSequences = 8;

/** The sequences of a manifest that are sorted by path. */
interface Sequences {
  readonly entries: number;
  /** The size of all entries whose content is not in a file. */
  readonly bytesInMemory: number;
  /** The number of sequences; undefined if there are too many to merge. */
  readonly count: number | undefined;
  /** The number of each entry's sequence. It takes one byte per entry, where the entry itself would take 300. */
  readonly numbers: Uint8Array;
}

/** Finds the sequences of a manifest: each entry belongs to the first sequence that it continues. */
export async function findSequences(manifest: Manifest): Promise<Sequences> {
  const lastPaths: string[] = [];
  let numbers = new Uint8Array(1024);
  let entries = 0;
  let bytesInMemory = 0;
  let isMergeable = true;
  for await (const batch of manifest.entries()) {
    for (const { path, from } of batch) {
      if ("bytes" in from) bytesInMemory += from.bytes.length;
      const found = lastPaths.findIndex((last) => last <= path);
      const number = found === -1 ? lastPaths.length : found;
      if (number < mostSequences) lastPaths[number] = path;
      else isMergeable = false;
      if (entries === numbers.length) numbers = grow(numbers);
      numbers[entries++] = number;
    }
  }
  return { entries, bytesInMemory, count: isMergeable ? lastPaths.length : undefined, numbers };
}

function grow(numbers: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

/** Merges the sequences of a manifest into one that is sorted by path. It keeps a batch of each sequence in memory. */
export function mergeSequences(manifest: Manifest, count: number, numbers: Uint8Array): Manifest {
  return {
    async *entries() {
      const readers = Array.from({ length: count }, (_, number) => new Reader(manifest, numbers, number));
      try {
        for (const reader of readers) await reader.fill();
        let batch: ManifestEntry[] = [];
        for (let next = findFirst(readers); next?.head !== undefined; next = findFirst(readers)) {
          batch.push(next.head);
          next.advance();
          if (next.head === undefined) await next.fill();
          if (batch.length < entriesPerBatch) continue;
          yield batch;
          batch = [];
        }
        if (batch.length > 0) yield batch;
      } finally {
        for (const reader of readers) await reader.close();
      }
    },
  };
}

function findFirst(readers: readonly Reader[]): Reader | undefined {
  let first: Reader | undefined;
  for (const reader of readers) {
    if (reader.head === undefined) continue;
    if (first?.head === undefined || reader.head.path < first.head.path) first = reader;
  }
  return first;
}

/** Reads the entries of one sequence from the whole manifest, batch by batch. */
class Reader {
  /** The current entry. Undefined at the end of a batch and, after `fill`, at the end of the manifest. */
  head: ManifestEntry | undefined;
  #batch: readonly ManifestEntry[] = [];
  #at = 0;
  #place = 0;
  readonly #batches: AsyncIterator<readonly ManifestEntry[]>;
  readonly #numbers: Uint8Array;
  readonly #number: number;

  constructor(manifest: Manifest, numbers: Uint8Array, number: number) {
    this.#batches = manifest.entries()[Symbol.asyncIterator]();
    this.#numbers = numbers;
    this.#number = number;
  }

  advance(): void {
    this.head = this.#batch[++this.#at];
  }

  /** Moves to the first entry of the next batch that has entries of this sequence. */
  async fill(): Promise<void> {
    for (let next = await this.#batches.next(); !next.done; next = await this.#batches.next()) {
      this.#batch = next.value.filter(() => this.#numbers[this.#place++] === this.#number);
      this.#at = 0;
      this.head = this.#batch[0];
      if (this.head !== undefined) return;
    }
    this.head = undefined;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}
