import PQueue from "p-queue";

const maxPauseMs = 60_000;

/** How many calls a cloud accepts. */
export interface CallRate {
  readonly callsPerSecond: number;
  /** Calls that may follow each other at once after a pause. */
  readonly burst: number;
  readonly maxConcurrent: number;
}

/** Limits the rate of all calls of one provider. */
export interface RateLimiter {
  /**
   * Runs the call when its turn comes; `wait` is the caller's clock. Throws the response that requested a pause when that pause is
   * longer than `maxWaitMs`.
   */
  run<T>(
    wait: (ms: number) => Promise<void>,
    call: () => Promise<T>,
    maxWaitMs?: number | undefined,
  ): Promise<T>;
  /** Pauses all calls, for a minute at most, because the server requested it in this response. */
  pause(ms: number, answer: Error): void;
}

export function createRateLimiter(
  { callsPerSecond, burst, maxConcurrent }: CallRate,
  now: () => number,
): RateLimiter {
  const queue = new PQueue({ concurrency: maxConcurrent });
  let tokens = burst;
  let filledAt = now();
  let pausedUntil = 0;
  let pausedBy: Error | undefined;

  const getWaitMs = () => {
    const currentMs = now();
    // A clock that was set back must not stop all calls.
    tokens = Math.min(burst, tokens + (Math.max(0, currentMs - filledAt) * callsPerSecond) / 1000);
    filledAt = currentMs;
    if (pausedUntil - currentMs > maxPauseMs) pausedUntil = currentMs;
    const pauseMs = pausedUntil - currentMs;
    if (pauseMs > 0) return pauseMs;
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / callsPerSecond);
  };

  return {
    async run(wait, call, maxWaitMs = Number.POSITIVE_INFINITY) {
      // Checked before the call is queued, behind calls that wait for the pause.
      if (pausedUntil - now() > maxWaitMs && pausedBy !== undefined) throw pausedBy;
      return queue.add(async () => {
        for (let ms = getWaitMs(); ms > 0; ms = getWaitMs()) await wait(ms);
        tokens -= 1;
        return call();
      });
    },
    pause(ms, answer) {
      pausedUntil = Math.max(pausedUntil, now() + Math.min(ms, maxPauseMs));
      pausedBy = answer;
    },
  };
}
