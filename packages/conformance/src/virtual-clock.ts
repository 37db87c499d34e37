import type { Clock } from "@unitrain/core";

/** A clock that skips waiting times, so that a simulated day takes milliseconds. */
export interface VirtualClock extends Clock {
  /** Advances the time at once, as on a laptop that wakes up. */
  advance(ms: number): void;
  /**
   * Waits up to this many real milliseconds for file operations before a jump, for tests in which no hours may pass
   * while a busy computer reads a file.
   */
  waitForFiles(realMs: number): void;
  /** Fires no deadlines while a real operation, such as a request, is pending. Sleepers still advance the time. */
  holdDeadlinesDuring<T>(real: Promise<T>): Promise<T>;
  /** Stops the time while a real operation, such as a sync to disk, is pending. */
  pauseDuring<T>(real: Promise<T>): Promise<T>;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
  /** Sleepers advance the time; deadlines only wait for it. */
  readonly isSleeper: boolean;
}

/** Number of consecutive quiet polls before the time advances to a deadline. */
const quietPolls = 4;
const quietMs = 10;
/** Number of turns of the event loop that a jump waits for file operations; a sync takes thousands. */
const maxBusyTurns = 2_000;
/** Shorter limit after an operation has hung, so that it does not stop the time. */
const maxHangingTurns = 20;

/**
 * Creates a virtual clock. Time advances to the next sleeper as soon as all code is waiting. If only deadlines remain,
 * because an operation hangs, it advances to the next deadline after a few quiet milliseconds.
 *
 * @param start Initial time in milliseconds since 1970.
 *
 * @example
 * ```ts
 * import { virtualClock } from "@unitrain/conformance";
 *
 * const clock = virtualClock();
 * const begin = clock.now();
 * await clock.wait(3_600_000); // returns at once
 * console.log(clock.now() - begin); // 3600000
 * ```
 */
export function virtualClock(start = Date.parse("2026-11-24T12:00:00Z")): VirtualClock {
  let now = start;
  let isScheduled = false;
  let holds = 0;
  let pauses = 0;
  let isHanging = false;
  let maxBusyMs = 0;
  let quiet: NodeJS.Timeout | undefined;
  const timers = new Set<Timer>();

  const moveTo = (time: number) => {
    now = Math.max(now, time);
    const due = [...timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      if (timers.delete(timer)) timer.fire();
    }
  };
  const findNextTime = (matches: (timer: Timer) => boolean) => {
    const times = [...timers].filter(matches).map(({ at }) => at);
    return times.length === 0 ? undefined : Math.min(...times);
  };
  // Polls several times, because after a pause of the whole process a timer fires before pending input was read.
  const waitForQuiet = (polls: number) => {
    quiet = setTimeout(() => {
      if (holds > 0 || pauses > 0 || isDiskBusy()) return waitForQuiet(quietPolls);
      if (polls > 1) return waitForQuiet(polls - 1);
      const deadline = findNextTime(() => true);
      if (deadline !== undefined) moveTo(deadline);
      schedule();
    }, quietMs);
  };
  const schedule = () => {
    clearTimeout(quiet);
    if (isScheduled || pauses > 0 || timers.size === 0) return;
    if (findNextTime(({ isSleeper: sleeper }) => sleeper) === undefined) {
      waitForQuiet(quietPolls);
      return;
    }
    isScheduled = true;
    const begin = performance.now();
    const jump = (turns: number): void => {
      // File operations finish first, within limits. Otherwise hours would pass while a busy computer reads a file.
      const isBusy = isDiskBusy();
      const shouldWait = isHanging
        ? turns < maxHangingTurns
        : turns < maxBusyTurns || performance.now() - begin < maxBusyMs;
      if (isBusy && shouldWait) return void setImmediate(() => jump(turns + 1));
      isHanging = isBusy;
      isScheduled = false;
      if (pauses > 0) return;
      const sleeper = findNextTime((timer) => timer.isSleeper);
      if (sleeper !== undefined) moveTo(sleeper);
      schedule();
    };
    // Two turns, so that code woken by the last jump runs first.
    setImmediate(() => setImmediate(() => jump(0)));
  };

  const after: Clock["after"] = (ms, callback) => {
    const timer: Timer = { at: now + ms, isSleeper: false, fire: callback };
    timers.add(timer);
    schedule();
    return {
      cancel() {
        timers.delete(timer);
        schedule();
      },
    };
  };

  return {
    now: () => now,
    waitForFiles(realMs) {
      maxBusyMs = realMs;
    },
    advance(ms) {
      moveTo(now + ms);
      schedule();
    },
    async holdDeadlinesDuring(real) {
      holds += 1;
      try {
        return await real;
      } finally {
        holds -= 1;
      }
    },
    async pauseDuring(real) {
      pauses += 1;
      try {
        return await real;
      } finally {
        pauses -= 1;
        schedule();
      }
    },
    wait: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const end = () => {
          timers.delete(timer);
          reject(signal?.reason);
        };
        const timer: Timer = {
          at: now + ms,
          isSleeper: true,
          fire: () => {
            signal?.removeEventListener("abort", end);
            resolve();
          },
        };
        signal?.addEventListener("abort", end, { once: true });
        timers.add(timer);
        schedule();
      }),
    after,
    at: (time, callback) => after(time - now, callback),
  };
}

/** Returns whether file operations are pending, so that no deadline should fire. */
function isDiskBusy(): boolean {
  return process.getActiveResourcesInfo().some((resource) => /FSReq|CloseReq/.test(resource));
}
