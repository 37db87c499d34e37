import { type Line, styled, withLabel } from "./line.ts";
import { renderTable } from "./table.ts";

/** One value of a plan, and where it was taken from. */
export interface ShownSetting {
  readonly name: string;
  readonly value: string;
  /** `command line`, the configuration file's name, or `default`. */
  readonly source: string;
}

/** Where the values of a plan come from: their names in a line or two, or with `all` a table of them. */
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

/** First what was typed, last what nobody said. */
function getSourceRank(source: string): number {
  return source === "command line" ? 0 : source === "default" ? 2 : 1;
}
