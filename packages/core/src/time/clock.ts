import { setTimeout as sleep } from "node:timers/promises";

/** The engine's only source of time, injected so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it ends before. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `ms`, unless cancelled. Does not keep the process alive. */
  after(ms: number, callback: () => void): { cancel(): void };
  /**
   * Calls back once it is `time` or later, or once as much time has passed: of a computer that slept past it within a second of
   * its waking, and not later when the clock was set back meanwhile.
   */
  at(time: number, callback: () => void): { cancel(): void };
}

const longestTimerMs = 2 ** 31 - 1;
/** A timer's own time stands still while the computer sleeps: so the clock is looked at again and again. */
const pollMs = 1_000;

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
  at: (time, callback) => {
    let timer: NodeJS.Timeout;
    const dueInMs = time - Date.now();
    const begin = performance.now();
    const poll = () => {
      const leftMs = Math.min(time - Date.now(), dueInMs - (performance.now() - begin));
      if (leftMs <= 0) return callback();
      timer = setTimeout(poll, Math.min(leftMs, pollMs));
      timer.unref();
    };
    timer = setTimeout(poll, 0);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
