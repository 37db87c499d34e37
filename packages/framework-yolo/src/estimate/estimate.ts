import type { Framework, TrainingEstimate } from "@unitrain/core/spec";
import { getPixels } from "../job/workers.ts";
import { getSizeLetter } from "../options/model-name.ts";
import type { CheckedOptions } from "../options/options.ts";

type EstimateInput = Parameters<NonNullable<Framework["estimate"]>>[0];

/**
 * Images of 640 pixels per second when training the smallest model, including loading: rough figures for a data center
 * GPU and for a CPU core.
 */
const imagesPerSecond = { gpu: 250, core: 0.6 } as const;
/** Slowdown by model size compared to the smallest, roughly the ratio of FLOPs. */
const slownessBySize: Readonly<Record<string, number>> = {
  n: 1,
  t: 1.1,
  s: 1.6,
  m: 3,
  c: 3.5,
  b: 4,
  l: 4.5,
  e: 6,
  x: 7,
};
/** Efficiency of each additional GPU; the rest is communication. */
const extraGpuShare = 0.8;
const defaultEpochs = 100;
const fixedSecondsPerEpoch = 1;
/** The estimate may be wrong by this factor in both directions. */
const uncertainty = { low: 1 / 3, high: 3 } as const;

/** Estimates the time per epoch on a machine without earlier runs. The result is a guess and labeled as such. */
export function estimateTraining(options: CheckedOptions, { quote, data }: EstimateInput): TrainingEstimate {
  const { epochs = defaultEpochs, imgsz } = options.arguments;
  const count = Number(epochs) > 0 ? Number(epochs) : defaultEpochs;
  const images = options.task === "classify" ? data.files : data.files / 2;
  const size = (getPixels(imgsz, options.task) / 640) ** 2;
  const letter = getSizeLetter(options.model) ?? "m";
  const likely =
    fixedSecondsPerEpoch + (images * size * (slownessBySize[letter] ?? 3)) / getImagesPerSecond(quote);
  return {
    epochs: count,
    secondsPerEpoch: { low: likely * uncertainty.low, likely, high: likely * uncertainty.high },
    basis: "a guess: no earlier run of this kind",
  };
}

function getImagesPerSecond({ gpus, cpus = 4 }: EstimateInput["quote"]): number {
  if (gpus === "unknown" || gpus === 0) return imagesPerSecond.core * cpus;
  return imagesPerSecond.gpu * (1 + (gpus - 1) * extraGpuShare);
}
