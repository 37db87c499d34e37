import type { MachineFacts, NotReady, ReadyCheckInput } from "@unitrain/core/spec";
import { describeMissingGpus } from "./job/devices.ts";
import type { CheckedOptions } from "./options/options.ts";

/**
 * Creates the hook that rejects a machine for problems that waiting cannot fix, before anything is uploaded or
 * installed.
 */
export function createReadyCheck(options: CheckedOptions) {
  return ({ facts }: Pick<ReadyCheckInput, "facts">): { readonly ready: true } | NotReady =>
    findMissingGpu(options, facts) ?? findPathFault(facts) ?? { ready: true };
}

function findMissingGpu(options: CheckedOptions, facts: MachineFacts): NotReady | undefined {
  const missing = describeMissingGpus(options.arguments.device, facts.gpus.length, facts.hostname);
  return missing === undefined ? undefined : createFinalFault("gpu", missing);
}

/**
 * Ultralytics removes quotes from paths of weights, and treats brackets as a list or pattern: the training would fail
 * at its end.
 */
function findPathFault({ workFolder }: MachineFacts): NotReady | undefined {
  const letter = /['"[\]*?]/.exec(workFolder)?.[0];
  if (letter === undefined) return undefined;
  return createFinalFault("path", `Ultralytics cannot work in ${workFolder}: the path contains ${letter}`);
}

const createFinalFault = (step: string, reason: string): NotReady => ({
  ready: false,
  step,
  reason,
  final: true,
});
