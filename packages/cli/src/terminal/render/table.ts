import { toPlainLine } from "@unitrain/core/spec";
import { type Line, padText, type Style, styled, truncateText } from "./line.ts";
import { measureText } from "./text-width.ts";

/** A column of a table. */
export interface Column {
  readonly head: string;
  readonly align: "left" | "right";
  /** In a narrow terminal, columns with the highest number are removed first. Columns without a number stay. */
  readonly givesWay?: number;
  /** The minimum width in columns to which its texts are truncated before the column is removed. */
  readonly shrinksTo?: number;
}

export interface Row {
  readonly cells: readonly string[];
  readonly style?: Style;
}

/** Renders rows in aligned columns below their heads. In a narrow terminal it truncates texts and removes columns that allow this. */
export function renderTable(columns: readonly Column[], allRows: readonly Row[], width: number): Line[] {
  const rows = allRows.map((row) => ({ ...row, cells: row.cells.map(toPlainLine) }));
  const wanted = columns.map((column, index) =>
    rows.reduce((most, row) => Math.max(most, measureText(row.cells[index] ?? "")), measureText(column.head)),
  );
  const { shown, widths } = fit(columns, wanted, width);
  const createLine = (cells: readonly string[]) =>
    shown
      .map((index) =>
        padText(
          truncateText(cells[index] ?? "", widths[index] ?? 0),
          widths[index] ?? 0,
          columns[index]?.align === "right" ? "right" : "left",
        ),
      )
      .join(gap)
      .trimEnd();
  return [
    [styled("dim", createLine(columns.map((column) => column.head)))],
    ...rows.map(
      (row): Line => [
        row.style === undefined ? createLine(row.cells) : styled(row.style, createLine(row.cells)),
      ],
    ),
  ];
}

const gap = "  ";

/** Removes columns one after another until the table fits. A column with `shrinksTo` is truncated first. */
function fit(columns: readonly Column[], wanted: readonly number[], width: number) {
  const widths = [...wanted];
  let shown = columns.map((_, index) => index);
  const excess = () =>
    shown.reduce((sum, index) => sum + (widths[index] ?? 0) + gap.length, -gap.length) - width;
  while (excess() > 0) {
    const next = shown
      .filter((index) => columns[index]?.givesWay !== undefined)
      .sort((a, b) => (columns[b]?.givesWay ?? 0) - (columns[a]?.givesWay ?? 0))[0];
    if (next === undefined) break;
    const { shrinksTo } = columns[next] ?? {};
    const cutWidth = (widths[next] ?? 0) - excess();
    if (shrinksTo !== undefined && cutWidth >= shrinksTo) widths[next] = cutWidth;
    else shown = shown.filter((index) => index !== next);
  }
  return { shown, widths };
}
