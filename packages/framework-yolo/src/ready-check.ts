import type { MachineFacts, NotReady, ReadyCheckInput } from "@unitrain/core/spec";
import { gpusAsked } from "./job/devices.ts";
import type { CheckedOptions } from "./options/options.ts";

/** Refuses at once what no waiting can mend, before anything is shipped or installed. */
export function readyCheck(options: CheckedOptions) {
  return ({ facts }: Pick<ReadyCheckInput, "facts">): { readonly ready: true } | NotReady =>
    missingGpu(options, facts) ?? badPath(facts) ?? { ready: true };
}

function missingGpu(options: CheckedOptions, facts: MachineFacts): NotReady | undefined {
  const asked = options.arguments.device;
  const named = asked === undefined ? [] : gpusAsked(asked);
  const missing = named.find((gpu) => gpu >= facts.gpus.length);
  const there = facts.gpus.length === 0 ? "has no GPU" : `has only ${facts.gpus.length}`;
  if (missing !== undefined)
    return final("gpu", `device names GPU ${missing}, but ${facts.hostname} ${there} (they count from 0)`);
  if (named.length <= facts.gpus.length) return undefined;
  return final(
    "gpu",
    `device asks for ${named.length} GPUs (-1 is any idle one), but ${facts.hostname} ${there}`,
  );
}

/** It takes quotes out of the paths of weights, and brackets for a list or a pattern: the training would fail at its end. */
function badPath({ workFolder }: MachineFacts): NotReady | undefined {
  const letter = /['"[\]*?]/.exec(workFolder)?.[0];
  if (letter === undefined) return undefined;
  return final("path", `Ultralytics cannot work in ${workFolder}: there is a ${letter} in this path`);
}

const final = (step: string, reason: string): NotReady => ({ ready: false, step, reason, final: true });
