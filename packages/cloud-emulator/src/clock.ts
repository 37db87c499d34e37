import { setTimeout as sleep } from "node:timers/promises";

/** The emulator's only source of time; core's clocks fit, a virtual one too. */
export interface EmulatorClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects when the signal ends before. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const computerClock: EmulatorClock = {
  now: () => Date.now(),
  wait: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};
