/** 10,000 images of 100 kB. */
const defaultBudgetBytes = 1024 * 1024 * 1024;

/** Some faults show only in all of a file. So much of a set is read for them, that even a huge one is checked in seconds. */
export class ReadingBudget {
  #remainingBytes: number;

  constructor(bytes: number = defaultBudgetBytes) {
    this.#remainingBytes = bytes;
  }

  /** Whether a file of this size may be read as a whole. */
  take(sizeBytes: number): boolean {
    if (sizeBytes > this.#remainingBytes) return false;
    this.#remainingBytes -= sizeBytes;
    return true;
  }
}
