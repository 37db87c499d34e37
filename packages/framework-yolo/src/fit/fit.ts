import type { FitFinding, FitInput } from "@unitrain/core/spec";
import { gpusUsed } from "../job/devices.ts";
import type { CheckedOptions } from "../options/options.ts";
import type { ArgumentValue } from "../options/scalar.ts";
import { busyGpuFindings } from "./busy-gpus.ts";
import { deviceFindings, workersFindings } from "./devices.ts";
import { diskFindings } from "./disk.ts";
import { gpuMemoryFindings } from "./gpu-memory.ts";
import { gpuFindings } from "./gpus.ts";
import { ramFindings } from "./ram.ts";
import { sharedMemoryFindings } from "./shared-memory.ts";

/** Whether the training fits the machine that was found. Estimates warn; only what cannot work is an error. */
export function fitOf(options: CheckedOptions, given: FitInput): readonly FitFinding[] {
  const gpus = gpusUsed(options.arguments.device, given.facts);
  return [
    ...deviceFindings(options, given.facts),
    ...gpuFindings(options, given.facts, gpus),
    ...busyGpuFindings(given.facts, gpus, isNamed(options.arguments.device)),
    ...workersFindings(options, given.facts, gpus.length),
    ...diskFindings(options, given),
    ...sharedMemoryFindings(options, given.facts, gpus.length),
    ...ramFindings(options, given),
    ...gpuMemoryFindings(options, gpus),
  ];
}

const isNamed = (device: ArgumentValue | undefined): boolean =>
  device !== undefined && device !== null && device !== "";
