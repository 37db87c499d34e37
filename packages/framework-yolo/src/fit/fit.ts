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
export function fitOf(options: CheckedOptions, input: FitInput): readonly FitFinding[] {
  const gpus = gpusUsed(options.arguments.device, input.facts);
  return [
    ...deviceFindings(options, input.facts),
    ...gpuFindings(options, input.facts, gpus),
    ...busyGpuFindings(input.facts, gpus, isNamed(options.arguments.device)),
    ...workersFindings(options, input.facts, gpus.length),
    ...diskFindings(options, input),
    ...sharedMemoryFindings(options, input.facts, gpus.length),
    ...ramFindings(options, input),
    ...gpuMemoryFindings(options, gpus),
  ];
}

const isNamed = (device: ArgumentValue | undefined): boolean =>
  device !== undefined && device !== null && device !== "";
