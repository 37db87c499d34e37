import { type FitFinding, type FitInput, formatBytes } from "@unitrain/core/spec";
import { getPixels } from "../job/workers.ts";
import type { CheckedOptions } from "../options/options.ts";

/** Ultralytics disables the cache unless 50 % more memory than it needs is free. */
const marginFactor = 1.5;

/**
 * Warns when `cache=ram` needs more memory than the machine has. It stores each image at training size; except for
 * classification, every other file of the data is an image.
 */
export function findRamShortage(options: CheckedOptions, { facts, data }: FitInput): readonly FitFinding[] {
  const { cache, imgsz } = options.arguments;
  if (cache !== true && cache !== "ram") return [];
  const images = options.task === "classify" ? data.files : data.files / 2;
  const needed = images * getPixels(imgsz, options.task) ** 2 * 3 * marginFactor;
  if (needed <= facts.ramBytes) return [];
  return [
    {
      severity: "warning",
      message: `cache=ram needs about ${formatBytes(needed)}, but the machine has ${formatBytes(facts.ramBytes)}: Ultralytics will go on without it.`,
      hint: "Leave cache out, or use cache=disk.",
    },
  ];
}
