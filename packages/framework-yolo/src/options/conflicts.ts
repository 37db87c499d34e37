import { UnitrainError } from "@unitrain/core/spec";
import { parseGpuNumbers } from "../job/devices.ts";
import type { ArgumentValue } from "./scalar.ts";

/** Throws `INVALID_OPTIONS` for combinations of arguments that Ultralytics rejects on any machine. */
export function refuseConflicts(trainArguments: Readonly<Record<string, ArgumentValue>>): void {
  const gpus = trainArguments.device === undefined ? [] : parseGpuNumbers(trainArguments.device);
  const duplicate = gpus.find((gpu, index) => gpu >= 0 && gpus.indexOf(gpu) !== index);
  if (duplicate !== undefined) {
    throw new UnitrainError("INVALID_OPTIONS", `device names GPU ${duplicate} twice.`, {
      hint: "Name each GPU once, counted from 0: `device=0,1`.",
    });
  }
  if (gpus.length < 2) return;
  const fault = findBatchFault(trainArguments.batch, gpus.length);
  if (fault !== undefined) throw new UnitrainError("INVALID_OPTIONS", fault.message, { hint: fault.hint });
}

/**
 * Returns what is wrong with `batch=`, the total over all GPUs, for this number of them; undefined when it is valid.
 */
export function findBatchFault(
  batch: ArgumentValue | undefined,
  gpus: number,
): { readonly message: string; readonly hint: string } | undefined {
  if (gpus < 2 || typeof batch !== "number") return undefined;
  const hint = `Name a total that is a multiple of ${gpus}, such as batch=${gpus * 8}, or one GPU: device=0.`;
  if (batch < 1) return { message: `batch=${batch} (automatic) does not work with ${gpus} GPUs.`, hint };
  if (batch % gpus === 0) return undefined;
  return {
    message: `batch=${batch} cannot be divided evenly among ${gpus} GPUs: it is their total.`,
    hint,
  };
}
