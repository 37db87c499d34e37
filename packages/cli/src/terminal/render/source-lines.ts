import { type Line, styled, withLabel } from "./line.ts";
import { renderTable } from "./table.ts";

/** A value of a plan and its source. */
export interface ShownSetting {
  readonly name: string;
  readonly value: string;
  /** `command line`, the configuration file's name, or `default`. */
  readonly source: string;
}

/** Renders the sources of a plan's values: a line of names for each source, or a table with `all`. */
export function renderSources(sources: readonly ShownSetting[], width: number, all: boolean): Line[] {
  if (sources.length === 0) return [];
  if (all) return [[], ...renderSourceTable(sources, width)];
  const labels = [...new Set(sources.map(({ source }) => source))].sort(
    (a, b) => getSourceRank(a) - getSourceRank(b),
  );
  return labels.flatMap((source, index) => {
    const names = [
      ...new Set(sources.filter((setting) => setting.source === source).map(({ name }) => name)),
    ];
    const label = index === 0 ? styled("bold", "From") : "";
    return withLabel(label, `${source}: ${names.join(", ")}`, 7, width);
  });
}

function renderSourceTable(sources: readonly ShownSetting[], width: number): Line[] {
  const columns = [
    { head: "SETTING", align: "left" },
    { head: "VALUE", align: "left" },
    { head: "FROM", align: "left" },
  ] as const;
  const room = Math.max(16, width - 40);
  const rows = sources.map(({ name, value, source }) => ({
    cells: [name, value.length > room ? `${value.slice(0, room - 1)}…` : value, source],
  }));
  return [...renderTable(columns, rows, width), []];
}

/** Sorts typed values first and defaults last. */
function getSourceRank(source: string): number {
  return source === "command line" ? 0 : source === "default" ? 2 : 1;
}
