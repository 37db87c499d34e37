import type { LabelRules } from "./label-rules.ts";
import { getRowShape, type RowShape, type RowTask } from "./row-shapes.ts";

/**
 * Characters at which Python's `splitlines` and `split` divide text and JavaScript's `\s` does not: separators of
 * files, groups, records and units.
 */
const separators = "\x1c\x1d\x1e\x85";
const lineEnds = new RegExp(`\\r\\n|[\\n\\r\\v\\f\\u2028\\u2029${separators}]`);
const blanks = new RegExp(`(?:[^\\S\\uFEFF]|[\x1f${separators}])+`);

/** Splits a label into lines, without a byte order mark. */
export const splitLines = (text: string): readonly string[] => text.replace(/^\uFEFF/, "").split(lineEnds);

export const splitColumns = (line: string): readonly string[] =>
  line.split(blanks).filter((column) => column !== "");

/** Returns the columns that the task uses: detection uses only the box of a row with key points. */
export const getUsedColumns = (
  columns: readonly string[],
  shape: RowShape,
  task: RowTask,
): readonly string[] => (shape === "points" && task !== "pose" ? columns.slice(0, 5) : columns);

/** Tolerance of Ultralytics for rounding errors, since 8.3.200 at the latest. */
export const minCoordinate = Math.fround(-0.01);
export const maxCoordinate = Math.fround(1.01);

/** Returns whether a number lies outside of 0 to 1 within that tolerance. */
const isRoundingError = (number: number): boolean =>
  (number < 0 && number >= minCoordinate) || (number > 1 && number <= maxCoordinate);

/** Returns whether a row has coordinates that only some versions tolerate. For outlines, the box around them counts. */
export const needsRounding = (numbers: readonly number[], shape: RowShape): boolean =>
  (shape === "box" || shape === "points" ? numbers : getBoundingBox(numbers)).some(isRoundingError);

/** Returns x, y, width and height of the box around an outline, rounded to 32 bits. */
export function getBoundingBox([, ...coordinates]: readonly number[]): readonly number[] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < coordinates.length; at += 2) {
    const [x = 0, y = 0] = [coordinates[at], coordinates[at + 1]];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top].map(Math.fround);
}

/**
 * Rewrites a valid label so that every version of Ultralytics accepts it. If a detection label mixes boxes and
 * outlines, all become boxes. Older versions drop an image for a byte order mark or blanks in an empty line (until
 * after 8.4.120) and for 1.0001 (8.3.100), and read rows with key points as outlines.
 */
export function normalizeLabel(
  text: string,
  { task, keyPoints }: LabelRules,
  { isMixed = false } = {},
): Uint8Array {
  const rows = splitLines(text).flatMap((line) => {
    const columns = splitColumns(line);
    if (columns.length === 0) return [];
    const shape = getRowShape(columns.length, task, keyPoints);
    if (isMixed && (shape === "outline" || shape === "triangle")) return [formatBoxRow(columns)];
    return [`${getUsedColumns(columns, shape, task).map(normalizeNumber).join(" ")}\n`];
  });
  return new TextEncoder().encode(rows.join(""));
}

/** Formats the box around an outline, clipped to the image. */
function formatBoxRow([id = "0", ...coordinates]: readonly string[]): string {
  const inside = coordinates.map((coordinate) => Math.min(1, Math.max(0, Number(coordinate))));
  const box = getBoundingBox([0, ...inside]).map((number) => String(Number(number.toFixed(7))));
  return `${[id, ...box].join(" ")}\n`;
}

function normalizeNumber(column: string): string {
  const number = Math.fround(Number(column));
  if (!isRoundingError(number)) return column;
  return number < 0 ? "0" : "1";
}
