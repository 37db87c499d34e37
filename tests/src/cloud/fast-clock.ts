import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, systemPorts } from "@unitrain/core";

const { clock: systemClock } = systemPorts;

/** The computer's clock, faster by a factor since one moment. Every process that gets the same moment has the same time. */
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
