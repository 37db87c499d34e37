import { setImmediate } from "node:timers/promises";
import { formatNumber } from "@unitrain/core/spec";

/** Files are read synchronously, which is ten times as fast; after this many, other tasks get a turn. */
const filesPerTurn = 200;
const bytesPerTurn = 32 * 1024 * 1024;
/** Maximum time between progress messages. */
const progressIntervalMs = 900;

/** Keeps a long synchronous loop abortable and the process responsive, and reports progress. */
export class Yielder {
  readonly #signal: AbortSignal;
  readonly #progress: ((message: string) => void) | undefined;
  #steps = 0;
  #images = 0;
  #expected = 0;
  #bytes = 0;
  #shownAtMs = getElapsedMs();

  constructor(signal: AbortSignal, progress?: (message: string) => void) {
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Adds to the number of images that will be inspected. */
  expect(images: number): void {
    this.#expected += images;
  }

  /** Called for each entry of a folder or line of a list. Rejects when the caller's signal is aborted. */
  async step(): Promise<void> {
    if (this.#steps++ % filesPerTurn !== 0) return;
    this.#report(() => `Looking for images: ${formatNumber(this.#steps)} files so far`);
    this.#signal.throwIfAborted();
    await setImmediate();
  }

  /** So many bytes were read of an image. */
  read(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Called for each image that is inspected. */
  async image(): Promise<void> {
    if (this.#images > 0)
      this.#report(() => `Checking images ${formatNumber(this.#images)}/${formatNumber(this.#expected)}`);
    if (this.#images++ % filesPerTurn !== 0 && this.#bytes < bytesPerTurn) return;
    this.#bytes = 0;
    this.#signal.throwIfAborted();
    await setImmediate();
  }

  #report(message: () => string): void {
    const now = getElapsedMs();
    if (now - this.#shownAtMs < progressIntervalMs) return;
    this.#shownAtMs = now;
    this.#progress?.(message());
  }
}

/** `performance` would load everything that measures time, which takes 2 ms at each start. */
const getElapsedMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);
