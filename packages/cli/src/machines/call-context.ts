import { setTimeout } from "node:timers/promises";
import type { CallContext } from "@unitrain/core";

/** For a look at a provider outside of any run: a minute at most, and nothing that costs. */
export function lookContext(say: (message: string) => void, ended?: AbortSignal): CallContext {
  const timeout = AbortSignal.timeout(60_000);
  const signal = ended === undefined ? timeout : AbortSignal.any([timeout, ended]);
  return {
    signal,
    secret: () => {},
    say,
    wait: async (ms) => void (await setTimeout(ms, undefined, { signal })),
  };
}
