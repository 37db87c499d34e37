import { stripVTControlCharacters } from "node:util";
import { measureText } from "../render/text-width.ts";

/**
 * Returns what erases lines that were written last, each ended by a line break. A terminal that was narrowed meanwhile has
 * wrapped them into more rows than there are lines: without counting those, the upper ones would stay for good.
 */
export function eraseLines(lines: readonly string[], columns: number): string {
  return `\r${"\u001b[1A\u001b[2K".repeat(countRows(lines, columns))}`;
}

/** The rows that lines take in a terminal of this width. */
export function countRows(lines: readonly string[], columns: number): number {
  const rows = lines.map((line) =>
    Math.max(1, Math.ceil(measureText(stripVTControlCharacters(line)) / Math.max(1, columns))),
  );
  return rows.reduce((sum, count) => sum + count, 0);
}
