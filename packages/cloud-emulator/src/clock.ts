import { setTimeout as sleep } from "node:timers/promises";

/** The emulator's only source of time. Core's clocks, including virtual ones, are compatible. */
export interface EmulatorClock {
  /** Returns the time in milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds. Rejects when the signal is aborted earlier. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const computerClock: EmulatorClock = {
  now: () => Date.now(),
  wait: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};
