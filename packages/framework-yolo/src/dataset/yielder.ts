import { setImmediate } from "node:timers/promises";
import { formatNumber } from "@unitrain/core/spec";

/** Files are read synchronously, which is ten times as fast. After this time, signals and other tasks get a turn. */
const turnMs = 10;
const stepsPerTurn = 200;
/** Maximum time between progress messages. */
const progressIntervalMs = 900;

/** Keeps a long synchronous loop abortable and the process responsive, and reports progress. */
export class Yielder {
  readonly #signal: AbortSignal;
  readonly #progress: ((message: string) => void) | undefined;
  #steps = 0;
  #images = 0;
  #expected = 0;
  #turnEndsAtMs = 0;
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
    if (this.#steps++ % stepsPerTurn !== 0) return;
    this.#report(getElapsedMs(), () => `Looking for images: ${formatNumber(this.#steps)} files so far`);
    this.#signal.throwIfAborted();
    await setImmediate();
  }

  /** Called for each image that is inspected. */
  async image(): Promise<void> {
    const nowMs = getElapsedMs();
    if (this.#images++ > 0 && nowMs < this.#turnEndsAtMs) return;
    this.#report(
      nowMs,
      () => `Checking images ${formatNumber(this.#images - 1)}/${formatNumber(this.#expected)}`,
    );
    this.#signal.throwIfAborted();
    await setImmediate();
    this.#turnEndsAtMs = getElapsedMs() + turnMs;
  }

  #report(nowMs: number, message: () => string): void {
    if (nowMs - this.#shownAtMs < progressIntervalMs) return;
    this.#shownAtMs = nowMs;
    this.#progress?.(message());
  }
}

/** `performance` would load everything that measures time, which takes 2 ms at each start. */
const getElapsedMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);
