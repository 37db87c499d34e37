import type { MachineFacts, NotReady, ReadyCheckInput } from "@unitrain/core/spec";
import { gpusMissing } from "./job/devices.ts";
import type { CheckedOptions } from "./options/options.ts";

/** Refuses at once what no waiting can fix, before anything is shipped or installed. */
export function readyCheck(options: CheckedOptions) {
  return ({ facts }: Pick<ReadyCheckInput, "facts">): { readonly ready: true } | NotReady =>
    missingGpu(options, facts) ?? badPath(facts) ?? { ready: true };
}

function missingGpu(options: CheckedOptions, facts: MachineFacts): NotReady | undefined {
  const missing = gpusMissing(options.arguments.device, facts.gpus.length, facts.hostname);
  return missing === undefined ? undefined : final("gpu", missing);
}

/** It takes quotes out of the paths of weights, and brackets for a list or a pattern: the training would fail at its end. */
function badPath({ workFolder }: MachineFacts): NotReady | undefined {
  const letter = /['"[\]*?]/.exec(workFolder)?.[0];
  if (letter === undefined) return undefined;
  return final("path", `Ultralytics cannot work in ${workFolder}: there is a ${letter} in this path`);
}

const final = (step: string, reason: string): NotReady => ({ ready: false, step, reason, final: true });
