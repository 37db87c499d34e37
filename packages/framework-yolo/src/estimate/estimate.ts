import type { Framework, TrainingEstimate } from "@unitrain/core/spec";
import { pixelsOf } from "../job/workers.ts";
import { sizeLetter } from "../options/model-name.ts";
import type { CheckedOptions } from "../options/options.ts";

type EstimateInput = Parameters<NonNullable<Framework["estimate"]>>[0];

/** Images of 640 pixels a second, training the smallest model, with the loading of images in it: a rough figure for a data-centre GPU, and for a CPU core. */
const imagesPerSecond = { gpu: 250, core: 0.6 } as const;
/** Against the smallest model, by the letter of the size: about as their FLOPs, where the GPU is what is waited for. */
const slower: Readonly<Record<string, number>> = {
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
/** Of what a second GPU brings; the rest is talk between them. */
const shareOfMoreGpus = 0.8;
const usualEpochs = 100;
const fixedSecondsPerEpoch = 1;
/** How far off it may be, either way: stated as what it is. */
const spread = { low: 1 / 3, high: 3 } as const;

/** How long the epochs may take on a machine nobody has trained on from here. A guess, and said to be one. */
export function estimateOf(options: CheckedOptions, { quote, data }: EstimateInput): TrainingEstimate {
  const { epochs = usualEpochs, imgsz } = options.arguments;
  const count = Number(epochs) > 0 ? Number(epochs) : usualEpochs;
  const images = options.task === "classify" ? data.files : data.files / 2;
  const size = (pixelsOf(imgsz, options.task) / 640) ** 2;
  const letter = sizeLetter(options.model) ?? "m";
  const likely = fixedSecondsPerEpoch + (images * size * (slower[letter] ?? 3)) / speedOf(quote);
  return {
    epochs: count,
    secondsPerEpoch: { low: likely * spread.low, likely, high: likely * spread.high },
    basis: "a guess: no earlier run of this kind",
  };
}

function speedOf({ gpus, cpus = 4 }: EstimateInput["quote"]): number {
  if (gpus === "unknown" || gpus === 0) return imagesPerSecond.core * cpus;
  return imagesPerSecond.gpu * (1 + (gpus - 1) * shareOfMoreGpus);
}
