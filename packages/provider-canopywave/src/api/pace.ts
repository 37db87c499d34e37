import PQueue from "p-queue";

const atOnce = 4;
const perSecond = 10;
const burst = 10;

/** Keeps all calls of one provider within a rate: CanopyWave publishes none, so a careful one. */
export interface Pace {
  /** Runs the call when its turn has come; `wait` is the caller's own. */
  run<T>(wait: (ms: number) => Promise<void>, call: () => Promise<T>): Promise<T>;
  /** The server asked for a pause: everybody keeps it. */
  pause(ms: number): void;
}

export function createPace(now: () => number): Pace {
  const queue = new PQueue({ concurrency: atOnce });
  let tokens = burst;
  let filledAt = now();
  let pausedUntil = 0;

  const msToNext = () => {
    const time = now();
    // A clock that was set back must not stop us.
    tokens = Math.min(burst, tokens + (Math.max(0, time - filledAt) * perSecond) / 1000);
    filledAt = time;
    const pauseMs = pausedUntil - time;
    if (pauseMs > 0) return pauseMs;
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
  };

  return {
    run: (wait, call) =>
      queue.add(async () => {
        for (let ms = msToNext(); ms > 0; ms = msToNext()) await wait(ms);
        tokens -= 1;
        return call();
      }),
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
  };
}
