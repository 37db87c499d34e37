import type { MachineFacts } from "@unitrain/core/spec";

/** Torch with its CUDA libraries, the rest, and as much again where uv's cache is on another disk. Also what a training leaves behind. */
export const environmentBytes = 12e9;

/** The wheels of torch on x86 bring CUDA along, GPU or not: 5.7 GB when measured, and a cache. Elsewhere they are small. */
const withoutGpuBytes = { x86_64: 8e9, other: 3e9 };

/** What an installation on this machine takes. */
export function environmentBytesOf({ gpus, os, architecture }: MachineFacts): number {
  if (gpus.length > 0) return environmentBytes;
  return os === "Linux" && architecture === "x86_64" ? withoutGpuBytes.x86_64 : withoutGpuBytes.other;
}
