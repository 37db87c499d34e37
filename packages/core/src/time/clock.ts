import { setTimeout as sleep } from "node:timers/promises";

/** The engine's only source of time. Tests replace it to control time. */
export interface Clock {
  /** Returns the time in milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason if the signal aborts before. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `ms` milliseconds, unless it is cancelled. It does not keep the process alive. */
  after(ms: number, callback: () => void): { cancel(): void };
  /**
   * Calls back once at `time` (milliseconds since 1970), unless it is cancelled. If the computer sleeps past `time`, it calls back
   * within a second of waking up. If the clock is set back meanwhile, it calls back after the same time as without that.
   */
  at(time: number, callback: () => void): { cancel(): void };
}

const longestTimerMs = 2 ** 31 - 1;
/** Timers stand still while the computer sleeps, so the clock is polled. */
const pollMs = 1_000;

/** The clock of this computer. */
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
