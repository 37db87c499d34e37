import type { RunEvent } from "@unitrain/core/spec";
import { isRunEvent } from "./is-run-event.ts";

/** Reads events out of text that comes in pieces. */
export interface EventLines {
  /** Returns the events whose lines are complete after this chunk. */
  push(text: string): RunEvent[];
}

/**
 * Creates a reader for events in JSON lines, such as `events.jsonl` of a run or the output of `--json`. A line that is not an event is
 * ignored, because a damaged line must not hide the others.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { createEventLines } from "@unitrain/view";
 *
 * const events = createEventLines().push(readFileSync("events.jsonl", "utf8"));
 * console.log(events.length);
 * ```
 */
export function createEventLines(): EventLines {
  let pieces: string[] = [];
  let length = 0;
  return {
    push(text) {
      const end = text.lastIndexOf("\n") + 1;
      const rest = text.slice(end);
      if (end === 0) {
        // Of a line that is too long to be an event only its end is waited for.
        if (length <= longestLine) pieces.push(text);
        length += text.length;
        return [];
      }
      const lines = [...pieces, text.slice(0, end)].join("").split("\n");
      if (length > longestLine) lines.shift();
      pieces = [rest];
      length = rest.length;
      return lines.flatMap(parseLine);
    },
  };
}

/** In characters. A plan with all its findings takes a few million. */
const longestLine = 64 * 1024 * 1024;

function parseLine(line: string): RunEvent[] {
  try {
    const value: unknown = JSON.parse(line);
    return isRunEvent(value) ? [value] : [];
  } catch {
    return [];
  }
}
