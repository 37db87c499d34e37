import type { ProgressReader } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { readJsonLines } from "./json-lines.ts";
import { LogReader } from "./log-reader.ts";

/** Reads epochs or steps from the log, by patterns, and from the watched files of JSON lines. */
export function createProgressReader(options: CheckedOptions): ProgressReader {
  const log = new LogReader(options);
  return {
    text: (lines) => log.read(lines),
    file: (_, content) => readJsonLines(content, options.countFrom),
  };
}
