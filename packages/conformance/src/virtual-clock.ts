import type { Clock } from "@unitrain/core";

/** A clock that jumps: a day of waiting takes a moment. */
export interface VirtualClock extends Clock {
  /** Lets time pass at once, as a laptop does that was asleep. */
  advance(ms: number): void;
  /** Waits so long for real files before a jump, for tests in which hours must not pass while one is read on a busy computer. */
  waitForFiles(realMs: number): void;
  /** While this real thing (a request) goes on, no deadline comes: sleepers still make time pass. */
  holdDeadlinesDuring<T>(real: Promise<T>): Promise<T>;
  /** While this real thing (a file that is forced to disk) goes on, no time passes at all. */
  pauseDuring<T>(real: Promise<T>): Promise<T>;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
  /** Sleepers make time pass; deadlines only watch it pass. */
  readonly isSleeper: boolean;
}

/** How often in a row nothing may have happened before a deadline that nobody else moves towards is let come. */
const quietPolls = 4;
const quietMs = 10;
/** How many turns of the event loop a jump waits for real files: a sync takes thousands. */
const maxBusyTurns = 2_000;
/** One that hangs must not stop the time. */
const maxHangingTurns = 20;

/**
 * Time moves to the next sleeper as soon as everybody waits. Where only deadlines are left (somebody hangs), it moves to
 * the next deadline after a moment of real quiet.
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
  // One look is not enough: after a pause of the whole process a timer is due before what came meanwhile was read.
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
      // Real files are let come first, for a while: else hours pass while one is read on a busy computer.
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
    // Two turns: what the last jump woke has its say first.
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

/** Somebody waits for a real file: it is not the deadline that comes next. */
function isDiskBusy(): boolean {
  return process.getActiveResourcesInfo().some((resource) => /FSReq|CloseReq/.test(resource));
}
