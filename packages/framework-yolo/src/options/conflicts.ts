import { UnitrainError } from "@unitrain/core/spec";
import { parseGpuNumbers } from "../job/devices.ts";
import type { ArgumentValue } from "./scalar.ts";

/** Throws `INVALID_OPTIONS` for arguments that Ultralytics refuses together, where that can be seen before a machine is. */
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

/** What is wrong with a `batch=` for so many GPUs. It is the total of them all. */
export function findBatchFault(
  batch: ArgumentValue | undefined,
  gpus: number,
): { readonly message: string; readonly hint: string } | undefined {
  if (gpus < 2 || typeof batch !== "number") return undefined;
  const hint = `Name a total that is a multiple of ${gpus}, such as batch=${gpus * 8}, or one GPU: device=0.`;
  if (batch < 1) return { message: `batch=${batch} (automatic) does not work with ${gpus} GPUs.`, hint };
  if (batch % gpus === 0) return undefined;
  return {
    message: `batch=${batch} cannot be shared out evenly among ${gpus} GPUs: it is their total.`,
    hint,
  };
}
