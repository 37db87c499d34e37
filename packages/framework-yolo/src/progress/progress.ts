import { basename } from "node:path/posix";
import type { ProgressReader } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { BarLines } from "./bar-lines.ts";
import { readResults } from "./results-csv.ts";

/** Epochs from `results.csv`, which every task and every kind of training writes; what happens within one from the bars. */
export function progressReader(options: CheckedOptions): ProgressReader {
  const bars = new BarLines();
  const asked = options.arguments.epochs;
  return {
    text: (lines) => bars.read(lines),
    file: (path, content) => {
      if (basename(path) !== "results.csv") return [];
      return readResults(content, bars.total ?? (typeof asked === "number" ? asked : undefined));
    },
  };
}
