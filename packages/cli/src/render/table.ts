import { cut, type Line, padded, type Style, styled } from "./line.ts";
import { textWidth } from "./text-width.ts";

export interface Column {
  readonly head: string;
  readonly align: "left" | "right";
  /** Where room is scarce, columns with the highest number go first; those without one stay. */
  readonly givesWay?: number;
  /** Its texts are cut to so few columns before any column goes. */
  readonly shrinksTo?: number;
}

export interface Row {
  readonly cells: readonly string[];
  readonly style?: Style;
}

/** Aligned columns below their heads; where room is scarce, texts that may be cut are, and columns go that may. */
export function table(columns: readonly Column[], rows: readonly Row[], width: number): Line[] {
  const wanted = columns.map((column, index) =>
    rows.reduce((most, row) => Math.max(most, textWidth(row.cells[index] ?? "")), textWidth(column.head)),
  );
  const widths = shrunk(columns, wanted, width);
  const shown = fittingColumns(columns, widths, width);
  const lineOf = (cells: readonly string[]) =>
    shown
      .map((index) =>
        padded(
          cut(cells[index] ?? "", widths[index] ?? 0),
          widths[index] ?? 0,
          columns[index]?.align === "right" ? "right" : "left",
        ),
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

/** Widths with those columns cut that may be, as far as the width asks for it. */
function shrunk(columns: readonly Column[], wanted: readonly number[], width: number): readonly number[] {
  let excess = wanted.reduce((sum, one) => sum + one + gap.length, -gap.length) - width;
  return wanted.map((columnWidth, index) => {
    const { shrinksTo } = columns[index] ?? {};
    if (shrinksTo === undefined || !(excess > 0)) return columnWidth;
    const least = Math.min(columnWidth, Math.max(shrinksTo, columnWidth - excess));
    excess -= columnWidth - least;
    return least;
  });
}

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
