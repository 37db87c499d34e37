import { createHash, hash } from "node:crypto";
import { type BigIntStats, readSync } from "node:fs";
import { type FileContent, getFingerprint } from "@unitrain/core/spec";
import { ReadingBudget } from "./reading-budget.ts";

/** Each takes 40 bytes of memory until the upload. Core reads the files beyond that itself. */
const maxFiles = 200_000;
const blockBytes = 1024 * 1024;

/** Hashes files while the check has them open, so that core need not open them again. */
export class ContentHasher {
  readonly #budget: ReadingBudget;
  #remainingFiles: number;
  #block: Buffer | undefined;

  constructor(budget = new ReadingBudget(), files = maxFiles) {
    this.#budget = budget;
    this.#remainingFiles = files;
  }

  /**
   * The content of an open file. Undefined for one that is beyond the bounds, or that changed while it was read.
   *
   * @param stats Of the open file, from before its first byte was read.
   * @param beginning What was read of it so far, from its first byte on.
   */
  hashOpenFile(
    file: string,
    handle: number,
    stats: BigIntStats,
    beginning: Uint8Array,
  ): FileContent | undefined {
    const sizeBytes = Number(stats.size);
    if (beginning.length === sizeBytes) return this.hashBytes(file, stats, beginning);
    if (beginning.length > sizeBytes || this.#remainingFiles <= 0 || !this.#budget.take(sizeBytes))
      return undefined;
    const running = createHash("sha256").update(beginning);
    this.#block ??= Buffer.allocUnsafeSlow(blockBytes);
    let offset = beginning.length;
    for (let count = -1; count !== 0; offset += count) {
      count = readSync(handle, this.#block, 0, blockBytes, offset);
      running.update(this.#block.subarray(0, count));
    }
    return offset === sizeBytes ? this.#count(file, stats, running.digest("hex")) : undefined;
  }

  /** The same for a file of which all bytes were read. */
  hashBytes(file: string, stats: BigIntStats, bytes: Uint8Array): FileContent | undefined {
    if (this.#remainingFiles <= 0 || bytes.length !== Number(stats.size)) return undefined;
    return this.#count(file, stats, hash("sha256", bytes));
  }

  #count(file: string, stats: BigIntStats, sha256: string): FileContent {
    this.#remainingFiles--;
    return { sha256, fingerprint: getFingerprint(file, stats) };
  }
}
