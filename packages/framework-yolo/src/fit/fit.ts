import type { FitFinding, FitInput } from "@unitrain/core/spec";
import { selectGpus } from "../job/devices.ts";
import type { CheckedOptions } from "../options/options.ts";
import type { ArgumentValue } from "../options/scalar.ts";
import { findBusyGpus } from "./busy-gpus.ts";
import { findExcessWorkers, findMissingDevices } from "./devices.ts";
import { findDiskShortage } from "./disk.ts";
import { findGpuMemoryShortage } from "./gpu-memory.ts";
import { findGpuFaults } from "./gpus.ts";
import { findRamShortage } from "./ram.ts";
import { findSharedMemoryShortage } from "./shared-memory.ts";

/** Checks whether the training fits the machine. Estimates are warnings; only certain failures are errors. */
export function checkFit(options: CheckedOptions, input: FitInput): readonly FitFinding[] {
  const gpus = selectGpus(options.arguments.device, input.facts);
  return [
    ...findMissingDevices(options, input.facts),
    ...findGpuFaults(options, input.facts, gpus),
    ...findBusyGpus(input.facts, gpus, isDeviceNamed(options.arguments.device)),
    ...findExcessWorkers(options, input.facts, gpus.length),
    ...findDiskShortage(options, input),
    ...findSharedMemoryShortage(options, input.facts, gpus.length),
    ...findRamShortage(options, input),
    ...findGpuMemoryShortage(options, gpus),
  ];
}

const isDeviceNamed = (device: ArgumentValue | undefined): boolean =>
  device !== undefined && device !== null && device !== "";
