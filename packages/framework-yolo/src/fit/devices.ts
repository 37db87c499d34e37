import type { FitFinding, MachineFacts } from "@unitrain/core/spec";
import { parseGpuNumbers } from "../job/devices.ts";
import type { CheckedOptions } from "../options/options.ts";

/** Reports devices in `device=` that the machine does not have, and a `batch=` that needs a GPU. */
export function findMissingDevices(options: CheckedOptions, facts: MachineFacts): readonly FitFinding[] {
  const { device, batch } = options.arguments;
  const gpuCount = facts.gpus.length;
  const requestedGpus = device === undefined || device === null ? [] : parseGpuNumbers(device);
  const missing = requestedGpus.filter((gpu) => gpu >= gpuCount);
  if (missing.length > 0 || requestedGpus.length > gpuCount) {
    const inventory =
      gpuCount === 0
        ? "no GPU"
        : gpuCount === 1
          ? "one GPU, number 0"
          : `${gpuCount} GPUs, 0 to ${gpuCount - 1}`;
    return [
      {
        severity: "error",
        message: `device=${requestedGpus.join(",")} does not exist: the machine has ${inventory}.`,
        hint:
          gpuCount === 0
            ? "Leave device out, or use device=cpu."
            : "Name GPUs that exist, or leave device out.",
      },
    ];
  }
  const usesCpu = gpuCount === 0 || device === "cpu";
  if (usesCpu && typeof batch === "number" && batch < 1) {
    return [
      {
        severity: "warning",
        message: `batch=${batch} (automatic) works on GPUs only: Ultralytics uses 16 on this machine.`,
        hint: "Name a batch size, such as batch=16.",
      },
    ];
  }
  return [];
}

/** Warns about more data loaders than processors, which Ultralytics does not start. */
export function findExcessWorkers(
  options: CheckedOptions,
  facts: MachineFacts,
  gpus: number,
): readonly FitFinding[] {
  const { workers } = options.arguments;
  const limit = Math.floor(facts.cpus / Math.max(1, gpus));
  if (typeof workers !== "number" || workers <= limit) return [];
  const each = gpus > 1 ? " for each GPU" : "";
  return [
    {
      severity: "warning",
      message: `workers=${workers} is more than the machine's ${facts.cpus} processors allow: Ultralytics starts ${limit}${each}.`,
      hint: `Use workers=${limit}, or a machine with more processors.`,
    },
  ];
}
