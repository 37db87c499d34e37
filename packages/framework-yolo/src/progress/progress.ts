import { basename } from "node:path/posix";
import type { ProgressInput, ProgressReader } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { BarLines } from "./bar-lines.ts";
import { computeFitness } from "./fitness.ts";
import { readResults } from "./results-csv.ts";

/**
 * Reads epochs from `results.csv`, which every task and kind of training writes, and progress within an epoch from the
 * progress bars.
 */
export function createProgressReader(
  options: CheckedOptions,
  { versions }: ProgressInput = {},
): ProgressReader {
  const version = versions?.ultralytics ?? options.version;
  const bars = new BarLines();
  const requestedEpochs = options.arguments.epochs;
  return {
    text: (lines) => bars.read(lines),
    file: (path, content) => {
      if (basename(path) !== "results.csv") return [];
      const total = bars.total ?? (typeof requestedEpochs === "number" ? requestedEpochs : undefined);
      return readResults(content, total).map((epoch) => {
        const score = computeFitness(options.task, epoch.metrics, version);
        return score === undefined ? epoch : { ...epoch, score };
      });
    },
  };
}
