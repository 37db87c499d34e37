import { stripVTControlCharacters } from "node:util";
import { measureText } from "../render/text-width.ts";

/**
 * Returns the escape sequence that erases the last written lines. It counts rows, because a terminal that was narrowed since has
 * wrapped the lines into more rows, and the upper ones would stay otherwise.
 */
export function eraseLines(lines: readonly string[], columns: number): string {
  return `\r${"\u001b[1A\u001b[2K".repeat(countRows(lines, columns))}`;
}

/** Counts the rows of lines in a terminal of this width. */
export function countRows(lines: readonly string[], columns: number): number {
  const rows = lines.map((line) =>
    Math.max(1, Math.ceil(measureText(stripVTControlCharacters(line)) / Math.max(1, columns))),
  );
  return rows.reduce((sum, count) => sum + count, 0);
}
