import type { FitFinding, Quote } from "@unitrain/core/spec";
import { describeMissingGpus } from "../job/devices.ts";
import type { CheckedOptions } from "../options/options.ts";

/** Reports devices that an offered machine does not have, before it is rented. */
export function findOfferFaults(
  options: Pick<CheckedOptions, "arguments">,
  { gpus, machine }: Quote,
): readonly FitFinding[] {
  if (gpus === "unknown") return [];
  const missing = describeMissingGpus(options.arguments.device, gpus, machine);
  if (missing === undefined) return [];
  const hint =
    gpus === 0
      ? "Leave device out or use device=cpu to train on the processor, or train on a machine with a GPU."
      : "Leave device out to use all GPUs, or use a machine with more of them.";
  return [{ severity: "error", message: `${missing}.`, hint }];
}
