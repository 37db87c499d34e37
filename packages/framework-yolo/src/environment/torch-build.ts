import type { MachineFacts } from "@unitrain/core/spec";

/** Which build of torch a machine needs. */
export interface TorchBuild {
  /** Part of the environment's key. */
  readonly name: "cpu" | "cuda" | "cuda12" | "cuda126";
  /** Value for `uv pip install --torch-backend`, tried first where the package index may lack wheels with CUDA. */
  readonly backend: string | null;
  /** Requirements for the default package index, where no backend can be selected. */
  readonly pins: readonly string[];
  /** Driver, wheel and reason, for display. */
  readonly reason: string | null;
}

/** Minimum driver for the CUDA 13 wheels, which the index serves from torch 2.11 on. */
const minCuda13Driver = 580;

/** Minimum driver for all CUDA 12 wheels, by NVIDIA's minor version compatibility. */
const minCuda12Driver = 525;

/** Volta and Pascal are older: wheels for CUDA 12.8 and newer have no kernels for them (pytorch#172352). */
const minCapability = 7.5;

type Gpus = Pick<MachineFacts, "gpus" | "gpuDriver">;

/**
 * Chooses the build of torch for a machine's driver and its oldest GPU. The CUDA versions of the wheels were read from
 * the package index.
 */
export function chooseTorchBuild(facts: Gpus & Pick<MachineFacts, "architecture" | "os">): TorchBuild {
  const driver = parseDriver(facts);
  const isLinuxX86 = facts.os === "Linux" && facts.architecture === "x86_64";
  // The default wheels for Linux on x86 include gigabytes of CUDA; those for other platforms do not.
  if (driver === undefined)
    return { name: "cpu", backend: isLinuxX86 ? "cpu" : null, pins: [], reason: null };
  const backend = facts.architecture === "x86_64" ? null : "auto";
  const found = `driver ${facts.gpuDriver}`;
  const capability = Math.min(...facts.gpus.map((gpu) => Number(gpu.computeCapability) || minCapability));
  if (capability < minCapability) {
    const reason = `${found}, torch 2.7.1 with CUDA 12.6: newer ones have no kernels for GPUs of compute capability ${capability}`;
    return {
      name: "cuda126",
      backend: backend && "cu126",
      pins: ["torch==2.7.1", "torchvision==0.22.1"],
      reason,
    };
  }
  if (driver < minCuda13Driver) {
    const reason = `${found}, torch 2.10.0 with CUDA 12: the newer wheels are for CUDA 13, which needs driver ${minCuda13Driver}`;
    return { name: "cuda12", backend, pins: ["torch==2.10.0", "torchvision==0.25.0"], reason };
  }
  return { name: "cuda", backend, pins: [], reason: `${found}, the newest torch: the driver does CUDA 13` };
}

/** Returns why no current torch can use a machine's GPUs; undefined when one can, or when there are no GPUs. */
export function findDriverFault(facts: Gpus): string | undefined {
  const driver = parseDriver(facts);
  if (driver === undefined || driver >= minCuda12Driver) return undefined;
  return `The NVIDIA driver ${facts.gpuDriver} is too old: every current torch needs ${minCuda12Driver} or newer.`;
}

function parseDriver(facts: Gpus): number | undefined {
  const driver = Number.parseInt(facts.gpuDriver ?? "", 10);
  return facts.gpus.length === 0 || Number.isNaN(driver) ? undefined : driver;
}
