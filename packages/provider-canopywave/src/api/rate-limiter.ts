import PQueue from "p-queue";

const maxConcurrent = 4;
const callsPerSecond = 10;
const burst = 10;
const maxPauseMs = 60_000;

/** Keeps all calls of one provider within a rate: CanopyWave publishes none, so a careful one. */
export interface RateLimiter {
  /**
   * Runs the call when its turn has come; `wait` is the caller's own. Throws the answer that asked for a pause when that
   * pause is longer than `longestWaitMs`.
   */
  run<T>(
    wait: (ms: number) => Promise<void>,
    call: () => Promise<T>,
    maxWaitMs?: number | undefined,
  ): Promise<T>;
  /** The server asked for a pause in this answer: everybody keeps it, for a minute at most. */
  pause(ms: number, answer: Error): void;
}

export function createRateLimiter(now: () => number): RateLimiter {
  const queue = new PQueue({ concurrency: maxConcurrent });
  let tokens = burst;
  let filledAt = now();
  let pausedUntil = 0;
  let pausedBy: Error | undefined;

  const getWaitMs = () => {
    const currentMs = now();
    // A clock that was set back must not stop us.
    tokens = Math.min(burst, tokens + (Math.max(0, currentMs - filledAt) * callsPerSecond) / 1000);
    filledAt = currentMs;
    if (pausedUntil - currentMs > maxPauseMs) pausedUntil = currentMs;
    const pauseMs = pausedUntil - currentMs;
    if (pauseMs > 0) return pauseMs;
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / callsPerSecond);
  };

  return {
    async run(wait, call, maxWaitMs = Number.POSITIVE_INFINITY) {
      // Before it queues: those who keep the pause stand in front of it.
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
