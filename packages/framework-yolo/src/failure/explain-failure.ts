import { type FailedTraining, type FailureExplanation, formatBytes } from "@unitrain/core/spec";
import { findMount } from "../fit/disk.ts";
import { saysDiskFull, saysGpuMemoryFull, saysOutOfMemory, saysSharedMemoryFull } from "./messages.ts";
import { explainMissingCode } from "./missing-code.ts";

/** With less free space no checkpoint can be written, so the disk counts as full. */
const fullDiskBytes = 32e6;

/** Exit codes of processes ended by a signal: 128 plus the signal's number. */
const killedExitCode = 137;
const busErrorExitCode = 135;

/** Observations of the supervisor process. */
interface FailureSigns {
  readonly outOfMemoryKills?: number;
  readonly addressSpaceBytes?: number;
  readonly freeDiskBytes?: number;
}

/**
 * Explains a failed training from the end of its log, the supervisor's observations and the machine's free resources.
 */
export function explainFailure({
  exitCode,
  output,
  job,
  facts,
}: FailedTraining): FailureExplanation | undefined {
  const signs = readSigns(output);
  const text = getLastLines(output);
  // Checked first, because a full /dev/shm causes the same messages as a full disk.
  if (saysSharedMemoryFull(text) || exitCode === busErrorExitCode)
    return explainSharedMemoryFull(job.facts.sharedMemoryBytes);
  const free = facts === undefined ? undefined : findMount(facts, job.output)?.freeBytes;
  if (saysDiskFull(text)) return explainDiskFull(free ?? signs.freeDiskBytes);
  if (saysGpuMemoryFull(text)) return gpuMemoryFull;
  if (exitCode === killedExitCode || (signs.outOfMemoryKills ?? 0) > 0 || saysOutOfMemory(text))
    return explainOutOfMemory(exitCode, signs, job.facts.ramBytes);
  if ([free, signs.freeDiskBytes].some((bytes) => bytes !== undefined && bytes < fullDiskBytes))
    return explainDiskFull(free ?? signs.freeDiskBytes);
  return explainMissingCode(text);
}

/**
 * Ignores earlier lines, which may be about problems that Ultralytics recovered from, such as a batch that was too
 * large.
 */
const getLastLines = (output: string): string => output.split("\n").slice(-120).join("\n");

function readSigns(output: string): FailureSigns {
  const json = [...output.matchAll(/^unitrain: the training failed: (\{.*\})\s*$/gm)].at(-1)?.[1];
  try {
    return json === undefined ? {} : (JSON.parse(json) as FailureSigns);
  } catch {
    return {};
  }
}

function explainDiskFull(freeBytes: number | undefined): FailureExplanation {
  // The partial file was removed, so there may be free space again.
  const freeText =
    freeBytes === undefined || freeBytes >= fullDiskBytes ? "" : ` (${formatBytes(freeBytes)} are free)`;
  return {
    message: `the machine's disk is full${freeText}`,
    hint: "Free disk space, save fewer checkpoints (save_period), leave out cache=disk, or use a machine with a larger disk.",
  };
}

function explainSharedMemoryFull(sizeBytes: number): FailureExplanation {
  const size = sizeBytes > 0 ? ` (${formatBytes(sizeBytes)})` : "";
  return {
    message: `/dev/shm on the machine${size} is too small for the workers that load the data`,
    hint: "Give the container more (docker run --shm-size=8g), or train with fewer workers (workers=2, or workers=0) or a smaller batch.",
  };
}

const gpuMemoryFull: FailureExplanation = {
  message: "the GPU ran out of memory",
  hint: "Use a smaller batch (batch=-1 lets Ultralytics choose), a smaller imgsz or model, or a GPU with more memory.",
};

function explainOutOfMemory(exitCode: number, signs: FailureSigns, ramBytes: number): FailureExplanation {
  const { addressSpaceBytes, outOfMemoryKills = 0 } = signs;
  const hint =
    "Use a smaller batch, fewer workers, no cache=True, or a machine with more memory; in a container, raise its memory limit.";
  if (addressSpaceBytes !== undefined) {
    return {
      message: `it ran out of memory: the machine limits each process to ${formatBytes(addressSpaceBytes)} of address space (ulimit -v)`,
      hint: "Raise or remove the limit there (ulimit -v unlimited, or the limits of the scheduler); torch alone needs several GB.",
    };
  }
  if (exitCode === killedExitCode && outOfMemoryKills === 0) {
    return {
      message: `it was killed (signal 9), as the kernel does when memory runs out${formatRam(ramBytes)}`,
      hint,
    };
  }
  return { message: `the machine ran out of memory${formatRam(ramBytes)}`, hint };
}

const formatRam = (ramBytes: number): string => (ramBytes > 0 ? ` (it has ${formatBytes(ramBytes)})` : "");
