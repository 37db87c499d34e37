import { formatBytes, type MachineFacts } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { ArgumentValue } from "../options/scalar.ts";
import type { Task } from "../options/tasks.ts";
import { usualBatch } from "./batch.ts";

const usualWorkers = 8;
const usualPixels = 640;

/** Each worker holds two batches ready; those of the validation are twice as large. */
const batchesOfWorker = 4;

/** Of automatic batches nothing is known but that they fill a GPU. */
const largeBatch = 128;

type WorkerOptions = Pick<CheckedOptions, "arguments" | "task">;

/** How many workers are wanted, for each GPU, and how many have room in `/dev/shm`, where their batches lie. */
export interface WorkersFit {
  readonly wanted: number;
  readonly fit: number;
  /** The user said how many. */
  readonly isNamed: boolean;
  /** What those that are wanted need, for all GPUs. */
  readonly neededBytes: number;
}

/** Undefined where data is not handed over that way. */
export function workersFit(
  options: WorkerOptions,
  facts: MachineFacts,
  gpus: number,
): WorkersFit | undefined {
  if (facts.os !== "Linux") return undefined;
  const trainArguments = options.arguments;
  const ranks = Math.max(1, gpus);
  const isNamed = typeof trainArguments.workers === "number";
  const cpus = Math.floor(facts.cpus / ranks);
  // Ultralytics takes no more than there are processors.
  const wanted = Math.min(isNamed ? Number(trainArguments.workers) : usualWorkers, cpus);
  const perWorker =
    (batchesOfWorker *
      batchOf(trainArguments.batch) *
      3 *
      pixelsOf(trainArguments.imgsz, options.task) ** 2) /
    ranks;
  const fit = Math.floor((facts.sharedMemoryBytes * 0.8) / perWorker / ranks);
  return { wanted, fit, isNamed, neededBytes: wanted * perWorker * ranks };
}

/**
 * How many workers to ask for where fewer than usual fit: too many end in a "Bus error" (pytorch#5040).
 * Undefined where Ultralytics' own number fits, and where the user named one.
 */
export function workersThatFit(
  options: WorkerOptions,
  facts: MachineFacts,
  gpus: number,
): { readonly workers: number; readonly note: string } | undefined {
  const found = workersFit(options, facts, gpus);
  if (found === undefined || found.isNamed || found.fit >= found.wanted) return undefined;
  return {
    workers: found.fit,
    note: `/dev/shm has only ${formatBytes(facts.sharedMemoryBytes)}, so the data is loaded by ${found.fit} workers instead of ${found.wanted}`,
  };
}

function batchOf(batch: ArgumentValue | undefined): number {
  if (batch === undefined) return usualBatch;
  return typeof batch === "number" && batch >= 1 ? batch : largeBatch;
}

/** The longer side of the images of a training; classification begins with 224 instead of 640. */
export function pixelsOf(imgsz: ArgumentValue | undefined, task: Task): number {
  if (Array.isArray(imgsz)) return Math.max(...imgsz.map(Number));
  if (typeof imgsz === "number") return imgsz;
  return task === "classify" ? 224 : usualPixels;
}
