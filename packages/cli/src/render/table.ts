import stringWidth from "string-width";
import { type Line, padded, type Style, styled } from "./line.ts";

export interface Column {
  readonly head: string;
  readonly align: "left" | "right";
  /** Where room is scarce, columns with the highest number go first; those without one stay. */
  readonly givesWay?: number;
}

export interface Row {
  readonly cells: readonly string[];
  readonly style?: Style;
}

/** Aligned columns below their heads, without those that the width has no room for. */
export function table(columns: readonly Column[], rows: readonly Row[], width: number): Line[] {
  const widths = columns.map((column, index) =>
    Math.max(stringWidth(column.head), ...rows.map((row) => stringWidth(row.cells[index] ?? ""))),
  );
  const shown = fittingColumns(columns, widths, width);
  const lineOf = (cells: readonly string[]) =>
    shown
      .map((index) =>
        padded(cells[index] ?? "", widths[index] ?? 0, columns[index]?.align === "right" ? "right" : "left"),
      )
      .join(gap)
      .trimEnd();
  return [
    [styled("dim", lineOf(columns.map((column) => column.head)))],
    ...rows.map(
      (row): Line => [row.style === undefined ? lineOf(row.cells) : styled(row.style, lineOf(row.cells))],
    ),
  ];
}

const gap = "  ";

function fittingColumns(columns: readonly Column[], widths: readonly number[], width: number): number[] {
  let shown = columns.map((_, index) => index);
  const total = () => shown.reduce((sum, index) => sum + (widths[index] ?? 0) + gap.length, -gap.length);
  while (total() > width) {
    const next = shown
      .filter((index) => columns[index]?.givesWay !== undefined)
      .sort((a, b) => (columns[b]?.givesWay ?? 0) - (columns[a]?.givesWay ?? 0))[0];
    if (next === undefined) break;
    shown = shown.filter((index) => index !== next);
  }
  return shown;
}
