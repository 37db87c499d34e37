import type { EnvironmentRoom, MachineFacts } from "@unitrain/core/spec";

/** Torch with its CUDA libraries, the rest, and as much again where uv's cache is on another disk. Also what a training leaves behind. */
export const environmentBytes = 12e9;

/** The usual wheels of torch for x86 bring CUDA, GPU or not: 5.7 GB when measured, and a cache. Elsewhere they are small. */
const cpuEnvironmentBytes = { x86_64: 8e9, other: 3e9 };

/** Wheels without CUDA, which lie on another host than all others: a tenth of it. */
const cudaFreeBytes = 3e9;

/** What an installation on this machine takes. */
export function getEnvironmentRoom({ gpus, os, architecture }: MachineFacts): EnvironmentRoom {
  if (gpus.length > 0) return { leastBytes: environmentBytes, neededBytes: environmentBytes };
  const isX86 = os === "Linux" && architecture === "x86_64";
  const neededBytes = isX86 ? cpuEnvironmentBytes.x86_64 : cpuEnvironmentBytes.other;
  return { leastBytes: Math.min(neededBytes, cudaFreeBytes), neededBytes };
}
