import type { FitFinding, Quote } from "@unitrain/core/spec";
import { describeMissingGpus } from "../job/devices.ts";
import type { CheckedOptions } from "../options/options.ts";

/** What a machine cannot do that is only offered so far: it is looked at before it is rented. */
export function findOfferFaults(
  options: Pick<CheckedOptions, "arguments">,
  { gpus, machine }: Quote,
): readonly FitFinding[] {
  if (gpus === "unknown") return [];
  const missing = describeMissingGpus(options.arguments.device, gpus, machine);
  if (missing === undefined) return [];
  const hint =
    gpus === 0
      ? "Leave device out or write device=cpu to train on the processor, or train on a machine with a GPU."
      : "Leave device out to use all of them, or take a machine with more GPUs.";
  return [{ severity: "error", message: `${missing}.`, hint }];
}
