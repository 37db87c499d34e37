import { formatBytes, type MachineFacts } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { ArgumentValue } from "../options/scalar.ts";
import type { Task } from "../options/tasks.ts";
import { defaultBatch } from "./batch.ts";

const defaultWorkers = 8;
const defaultPixels = 640;

/** Each worker holds two batches ready; those of the validation are twice as large. */
const batchesPerWorker = 4;

/** Of automatic batches nothing is known but that they fill a GPU. */
const automaticBatch = 128;

type WorkerOptions = Pick<CheckedOptions, "arguments" | "task">;

/** How many workers are wanted, for each GPU, and how many have room in `/dev/shm`, where their batches lie. */
export interface WorkerCapacity {
  readonly wanted: number;
  readonly fit: number;
  /** The user said how many. */
  readonly isNamed: boolean;
  /** What those that are wanted need, for all GPUs. */
  readonly neededBytes: number;
}

/** Undefined where data is not handed over that way. */
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
  // Ultralytics takes no more than there are processors.
  const wanted = Math.min(isNamed ? Number(args.workers) : defaultWorkers, cpus);
  const perWorker =
    (batchesPerWorker * getBatch(args.batch) * 3 * getPixels(args.imgsz, options.task) ** 2) / ranks;
  const fit = Math.floor((facts.sharedMemoryBytes * 0.8) / perWorker / ranks);
  return { wanted, fit, isNamed, neededBytes: wanted * perWorker * ranks };
}

/**
 * How many workers to ask for where fewer than usual fit: too many end in a "Bus error" (pytorch#5040).
 * Undefined where Ultralytics' own number fits, and where the user named one.
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

/** The longer side of the images of a training; classification begins with 224 instead of 640. */
export function getPixels(imgsz: ArgumentValue | undefined, task: Task): number {
  if (Array.isArray(imgsz)) return Math.max(...imgsz.map(Number));
  if (typeof imgsz === "number") return imgsz;
  return task === "classify" ? 224 : defaultPixels;
}
