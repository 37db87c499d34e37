import { setTimeout as sleep } from "node:timers/promises";

/** The engine's only source of time, injected so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it ends before. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `ms`, unless cancelled. Does not keep the process alive. */
  after(ms: number, callback: () => void): { cancel(): void };
}

const longestTimerMs = 2 ** 31 - 1;

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    try {
      await sleep(Math.min(ms, longestTimerMs), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, longestTimerMs));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
