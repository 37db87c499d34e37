import type { FitFinding, FitInput } from "@unitrain/core/spec";
import { gpusUsed } from "../job/devices.ts";
import type { CheckedOptions } from "../options/options.ts";
import { diskFindings } from "./disk.ts";
import { gpuMemoryFindings } from "./gpu-memory.ts";
import { gpuFindings } from "./gpus.ts";
import { ramFindings } from "./ram.ts";
import { sharedMemoryFindings } from "./shared-memory.ts";

/** Whether the training fits the machine that was found. Estimates warn; only what cannot work is an error. */
export function fitOf(options: CheckedOptions, given: FitInput): readonly FitFinding[] {
  const gpus = gpusUsed(options.arguments.device, given.facts);
  return [
    ...gpuFindings(options, given.facts, gpus),
    ...diskFindings(options, given),
    ...sharedMemoryFindings(options, given.facts, gpus.length),
    ...ramFindings(options, given),
    ...gpuMemoryFindings(options, gpus),
  ];
}
