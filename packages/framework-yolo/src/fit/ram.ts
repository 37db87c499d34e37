import { type FitFinding, type FitInput, formatBytes } from "@unitrain/core/spec";
import { getPixels } from "../job/workers.ts";
import type { CheckedOptions } from "../options/options.ts";

/** Ultralytics keeps half as much again free, else it goes on without the cache. */
const marginFactor = 1.5;

/** `cache=ram` holds each image at the size of the training. In the data, every other file is an image. */
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
      hint: "Leave cache out, or say cache=disk.",
    },
  ];
}
