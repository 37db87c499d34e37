import PQueue from "p-queue";

const atOnce = 4;
const perSecond = 10;
const burst = 10;
const longestPauseMs = 60_000;

/** Keeps all calls of one provider within a rate: CanopyWave publishes none, so a careful one. */
export interface RateLimiter {
  /**
   * Runs the call when its turn has come; `wait` is the caller's own. Throws the answer that asked for a pause when that
   * pause is longer than `longestWaitMs`.
   */
  run<T>(
    wait: (ms: number) => Promise<void>,
    call: () => Promise<T>,
    longestWaitMs?: number | undefined,
  ): Promise<T>;
  /** The server asked for a pause in this answer: everybody keeps it, for a minute at most. */
  pause(ms: number, answer: Error): void;
}

export function createRateLimiter(now: () => number): RateLimiter {
  const queue = new PQueue({ concurrency: atOnce });
  let tokens = burst;
  let filledAt = now();
  let pausedUntil = 0;
  let pausedBy: Error | undefined;

  const msToNext = () => {
    const time = now();
    // A clock that was set back must not stop us.
    tokens = Math.min(burst, tokens + (Math.max(0, time - filledAt) * perSecond) / 1000);
    filledAt = time;
    if (pausedUntil - time > longestPauseMs) pausedUntil = time;
    const pauseMs = pausedUntil - time;
    if (pauseMs > 0) return pauseMs;
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
  };

  return {
    async run(wait, call, longestWaitMs = Number.POSITIVE_INFINITY) {
      // Before it queues: those who keep the pause stand in front of it.
      if (pausedUntil - now() > longestWaitMs && pausedBy !== undefined) throw pausedBy;
      return queue.add(async () => {
        for (let ms = msToNext(); ms > 0; ms = msToNext()) await wait(ms);
        tokens -= 1;
        return call();
      });
    },
    pause(ms, answer) {
      pausedUntil = Math.max(pausedUntil, now() + Math.min(ms, longestPauseMs));
      pausedBy = answer;
    },
  };
}
