import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, systemPorts } from "@unitrain/core";

const { clock: systemClock } = systemPorts;

/** The computer's clock, from one moment on some times as fast, the same in every process that is told the moment. */
export function fastClock(since: number, times: number): Clock {
  const now = () => since + (Date.now() - since) * times;
  return {
    now,
    wait: async (ms, signal) => {
      await sleep(ms / times, undefined, signal === undefined ? {} : { signal }).catch((error) => {
        throw signal?.aborted ? signal.reason : error;
      });
    },
    after: (ms, callback) => systemClock.after(ms / times, callback),
    at: (time, callback) => systemClock.at(Date.now() + (time - now()) / times, callback),
  };
}
