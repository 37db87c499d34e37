import type { NotReady, ReadyCheckInput } from "@unitrain/core/spec";
import { gpusAsked } from "./job/devices.ts";
import type { CheckedOptions } from "./options/options.ts";

/** Refuses at once what no waiting can mend: GPUs that were asked for by number and are not there. */
export function readyCheck(options: CheckedOptions) {
  return ({ facts }: Pick<ReadyCheckInput, "facts">): { readonly ready: true } | NotReady => {
    const asked = options.arguments.device;
    const missing =
      asked === undefined ? undefined : gpusAsked(asked).find((gpu) => gpu >= facts.gpus.length);
    if (missing === undefined) return { ready: true };
    const there = facts.gpus.length === 0 ? "has no GPU" : `has only ${facts.gpus.length}`;
    return {
      ready: false,
      step: "gpu",
      reason: `device names GPU ${missing}, but ${facts.hostname} ${there} (they count from 0)`,
      final: true,
    };
  };
}
