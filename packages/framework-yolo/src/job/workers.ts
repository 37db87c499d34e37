import { formatBytes, type MachineFacts } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { ArgumentValue } from "../options/scalar.ts";
import type { Task } from "../options/tasks.ts";
import { defaultBatch } from "./batch.ts";

const defaultWorkers = 8;
const defaultPixels = 640;

/** Each worker prefetches two batches; those of the validation are twice as large. */
const batchesPerWorker = 4;

/** Assumed for automatic batches, which fill the GPU. */
const automaticBatch = 128;

type WorkerOptions = Pick<CheckedOptions, "arguments" | "task">;

/** The number of workers per GPU that are wanted, and that fit into `/dev/shm`, through which they pass batches. */
export interface WorkerCapacity {
  readonly wanted: number;
  readonly fit: number;
  /** The user set the number. */
  readonly isNamed: boolean;
  /** Shared memory that the wanted workers of all GPUs need. */
  readonly neededBytes: number;
}

/** Computes how many workers fit; undefined on systems that do not use `/dev/shm`. */
export function measureWorkers(
  options: WorkerOptions,
  facts: MachineFacts,
  gpus: number,
): WorkerCapacity | undefined {
  if (facts.os !== "Linux") return undefined;
  const args = options.arguments;
  const ranks = Math.max(1, gpus);
  const isNamed = typeof args.workers === "number";
  const cpus = Math.floor(facts.cpus / ranks);
  // Ultralytics starts no more workers than there are processors.
  const wanted = Math.min(isNamed ? Number(args.workers) : defaultWorkers, cpus);
  const perWorker =
    (batchesPerWorker * getBatch(args.batch) * 3 * getPixels(args.imgsz, options.task) ** 2) / ranks;
  const fit = Math.floor((facts.sharedMemoryBytes * 0.8) / perWorker / ranks);
  return { wanted, fit, isNamed, neededBytes: wanted * perWorker * ranks };
}

/**
 * Returns a number of workers when the default does not fit: too many end in a "Bus error" (pytorch#5040). Undefined
 * when the default fits, or when the user set a number.
 */
export function limitWorkers(
  options: WorkerOptions,
  facts: MachineFacts,
  gpus: number,
): { readonly workers: number; readonly note: string } | undefined {
  const found = measureWorkers(options, facts, gpus);
  if (found === undefined || found.isNamed || found.fit >= found.wanted) return undefined;
  return {
    workers: found.fit,
    note: `/dev/shm has only ${formatBytes(facts.sharedMemoryBytes)}, so the data is loaded by ${found.fit} workers instead of ${found.wanted}`,
  };
}

function getBatch(batch: ArgumentValue | undefined): number {
  if (batch === undefined) return defaultBatch;
  return typeof batch === "number" && batch >= 1 ? batch : automaticBatch;
}

/**
 * Returns the longer side of the training images in pixels; the default is 224 for classification and 640 otherwise.
 */
export function getPixels(imgsz: ArgumentValue | undefined, task: Task): number {
  if (Array.isArray(imgsz)) return Math.max(...imgsz.map(Number));
  if (typeof imgsz === "number") return imgsz;
  return task === "classify" ? 224 : defaultPixels;
}
