import { setTimeout as sleep } from "node:timers/promises";

/** A clock that tests can control. */
export interface SuiteClock {
  readonly now: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** The computer's own clock. */
export const systemClock: SuiteClock = {
  now: Date.now,
  wait: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};
