import type { EnvironmentRoom, MachineFacts } from "@unitrain/core/spec";

/**
 * Disk space for torch with its CUDA libraries, the other packages, and a copy in uv's cache on another disk. Also
 * enough for the output of a training.
 */
export const environmentBytes = 12e9;

/**
 * The default x86 wheels of torch include CUDA even without a GPU: measured 5.7 GB, plus the cache. Others are small.
 */
const cpuEnvironmentBytes = { x86_64: 8e9, other: 3e9 };

/** Space for wheels without CUDA, a tenth of the size, which come from a different host. */
const cudaFreeBytes = 3e9;

/** Returns the disk space that an installation on this machine needs. */
export function getEnvironmentRoom({ gpus, os, architecture }: MachineFacts): EnvironmentRoom {
  if (gpus.length > 0) return { leastBytes: environmentBytes, neededBytes: environmentBytes };
  const isX86 = os === "Linux" && architecture === "x86_64";
  const neededBytes = isX86 ? cpuEnvironmentBytes.x86_64 : cpuEnvironmentBytes.other;
  return { leastBytes: Math.min(neededBytes, cudaFreeBytes), neededBytes };
}
