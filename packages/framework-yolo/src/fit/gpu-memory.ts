import { type FitFinding, formatBytes, type MachineFacts } from "@unitrain/core/spec";
import { defaultBatch } from "../job/batch.ts";
import { getPixels } from "../job/workers.ts";
import { getFileName, getSizeLetter } from "../options/model-name.ts";
import type { CheckedOptions } from "../options/options.ts";
import type { Task } from "../options/tasks.ts";

/**
 * Training memory per image of 640 pixels in mixed precision, by model size. Rough figures from trainings of YOLOv8 and
 * YOLO11.
 */
const imageBytesBySize: Readonly<Record<string, number>> = {
  n: 0.15e9,
  t: 0.2e9,
  s: 0.25e9,
  m: 0.5e9,
  c: 0.6e9,
  b: 0.65e9,
  l: 0.75e9,
  e: 1e9,
  x: 1e9,
};

/** Relative to detection. */
const taskFactor: Readonly<Record<Task, number>> = {
  detect: 1,
  segment: 1.3,
  pose: 1.1,
  obb: 1.1,
  classify: 0.3,
};

/** CUDA's own memory, the weights and the optimizer's state. */
const baseBytes = 1e9;

const fullPrecisionFactor = 1.8;

/**
 * Warns when the estimate exceeds the memory of the smallest GPU. It is an error when a single image needs twice that
 * memory.
 */
export function findGpuMemoryShortage(
  options: CheckedOptions,
  gpus: MachineFacts["gpus"],
): readonly FitFinding[] {
  const memory = Math.min(...gpus.map(({ memoryBytes }) => memoryBytes).filter((bytes) => bytes > 0));
  const each = estimateImageBytes(options);
  const { batch = defaultBatch } = options.arguments;
  if (!Number.isFinite(memory) || each === undefined || typeof batch !== "number" || batch < 1) return [];
  const share = Math.ceil(batch / gpus.length);
  const fits = Math.floor((memory - baseBytes) / each);
  if (share <= fits) return [];
  const training = `${getFileName(options.model)} at imgsz=${getPixels(options.arguments.imgsz, options.task)}`;
  if (baseBytes + each > 2 * memory) {
    const message = `One image with ${training} needs about ${formatBytes(baseBytes + each)} on the GPU, which has ${formatBytes(memory)}.`;
    return [{ severity: "error", message, hint: "Use a smaller model, a smaller imgsz, or a larger GPU." }];
  }
  const limit = Math.max(1, fits) * gpus.length;
  return [
    {
      severity: "warning",
      message: `batch=${batch} with ${training} needs about ${formatBytes(baseBytes + share * each)} on ${gpus.length > 1 ? "each GPU" : "the GPU"}, which has ${formatBytes(memory)}: it may run out of memory.`,
      hint: `Use batch=${limit}${gpus.length > 1 ? "" : " or batch=-1 (automatic)"}, or a smaller model or imgsz.`,
    },
  ];
}

/** Estimates the memory per image; undefined when the model's name does not reveal its size. */
function estimateImageBytes(options: CheckedOptions): number | undefined {
  const letter = getSizeLetter(options.model);
  const bytes = letter === undefined ? undefined : imageBytesBySize[letter];
  if (bytes === undefined) return undefined;
  const scale = (getPixels(options.arguments.imgsz, options.task) / 640) ** 2;
  const precision = options.arguments.amp === false ? fullPrecisionFactor : 1;
  return bytes * scale * taskFactor[options.task] * precision;
}
