import type { MachineFacts } from "@unitrain/core/spec";

/** Which build of torch a machine needs. */
export interface TorchKind {
  /** Part of the environment's key. */
  readonly name: "cpu" | "cuda" | "cuda12" | "cuda126";
  /** What `uv pip install --torch-backend` is told, tried first. */
  readonly backend: string | null;
  /** Requirements for the plain package index, where no backend can be named. */
  readonly pins: readonly string[];
  /** Why not the newest, for a person. */
  readonly reason: string | null;
}

/** CUDA 13 wheels, which the index serves from torch 2.11 on, need this driver. */
const driverOfCuda13 = 580;

/** Volta and Pascal are below it: wheels for CUDA 12.8 and newer have no kernels for them (pytorch#172352). */
const oldestCapability = 7.5;

/** By the driver that was found, and by the oldest of the GPUs. */
export function torchKind(facts: Pick<MachineFacts, "gpus" | "gpuDriver">): TorchKind {
  const driver = Number.parseInt(facts.gpuDriver ?? "", 10);
  if (facts.gpus.length === 0 || Number.isNaN(driver))
    return { name: "cpu", backend: null, pins: [], reason: null };
  const capability = Math.min(...facts.gpus.map((gpu) => Number(gpu.computeCapability) || oldestCapability));
  if (capability < oldestCapability) {
    const reason = `GPUs of compute capability ${capability} have no kernels in newer ones: torch with CUDA 12.6 is taken`;
    return { name: "cuda126", backend: "cu126", pins: ["torch<2.8"], reason };
  }
  if (driver < driverOfCuda13) {
    const reason = `driver ${facts.gpuDriver} is below ${driverOfCuda13}, which CUDA 13 needs: torch with CUDA 12 is taken`;
    return { name: "cuda12", backend: "auto", pins: ["torch<2.11"], reason };
  }
  return { name: "cuda", backend: "auto", pins: [], reason: null };
}
