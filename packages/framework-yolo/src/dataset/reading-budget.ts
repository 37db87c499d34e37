/** Enough for 10,000 images of 100 kB. */
const defaultBudgetBytes = 1024 * 1024 * 1024;

/**
 * Limits how many bytes are read to find faults that show only in the whole file, so that even a huge dataset is
 * checked in seconds.
 */
export class ReadingBudget {
  #remainingBytes: number;

  constructor(bytes: number = defaultBudgetBytes) {
    this.#remainingBytes = bytes;
  }

  /** Returns whether a file of this size may be read completely, and reserves the bytes. */
  take(sizeBytes: number): boolean {
    if (sizeBytes > this.#remainingBytes) return false;
    this.#remainingBytes -= sizeBytes;
    return true;
  }
}
