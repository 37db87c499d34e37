import type { MachineFacts } from "@unitrain/core/spec";
import type { ArgumentValue } from "../options/scalar.ts";

const usual = { workers: 8, batch: 16, pixels: 640 };

/** Each worker holds two batches ready; those of the validation are twice as large. */
const batchesOfWorker = 4;

/** Of automatic batches nothing is known but that they fill a GPU. */
const largeBatch = 128;

/**
 * How many workers fit into `/dev/shm`, where their batches lie: too many end in a "Bus error" (pytorch#5040).
 * Undefined where Ultralytics' own number fits, and where the user named one.
 */
export function workersThatFit(
  given: Readonly<Record<string, ArgumentValue>>,
  facts: MachineFacts,
  gpus: number,
): { readonly workers: number; readonly note: string } | undefined {
  if (given.workers !== undefined || facts.os !== "Linux") return undefined;
  const ranks = Math.max(1, gpus);
  const wanted = Math.min(usual.workers, Math.floor(facts.cpus / ranks));
  const perWorker = (batchesOfWorker * batchOf(given.batch) * 3 * pixelsOf(given.imgsz) ** 2) / ranks;
  const fit = Math.floor((facts.sharedMemoryBytes * 0.8) / perWorker / ranks);
  if (fit >= wanted) return undefined;
  const megabytes = Math.round(facts.sharedMemoryBytes / 1e6);
  return {
    workers: fit,
    note: `/dev/shm has only ${megabytes} MB, so the data is loaded by ${fit} workers instead of ${wanted}`,
  };
}

function batchOf(batch: ArgumentValue | undefined): number {
  if (batch === undefined) return usual.batch;
  return typeof batch === "number" && batch >= 1 ? batch : largeBatch;
}

function pixelsOf(imgsz: ArgumentValue | undefined): number {
  if (Array.isArray(imgsz)) return Math.max(...imgsz.map(Number));
  return typeof imgsz === "number" ? imgsz : usual.pixels;
}
