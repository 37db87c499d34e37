import type { Origin } from "../settings/origins.ts";
import { type Line, labelled, styled } from "./line.ts";
import { table } from "./table.ts";

/** Where the values of a plan come from: their names in a line or two, or with `all` a table of them. */
export function originLines(origins: readonly Origin[], width: number, all: boolean): Line[] {
  if (origins.length === 0) return [];
  if (all) return [[], ...originTable(origins, width)];
  const sources = [...new Set(origins.map(({ from }) => from))].sort((a, b) => rankOf(a) - rankOf(b));
  return sources.flatMap((from, index) => {
    const names = [...new Set(origins.filter((origin) => origin.from === from).map(({ name }) => name))];
    const label = index === 0 ? styled("bold", "From") : "";
    return labelled(label, `${from}: ${names.join(", ")}`, 7, width);
  });
}

function originTable(origins: readonly Origin[], width: number): Line[] {
  const columns = [
    { head: "SETTING", align: "left" },
    { head: "VALUE", align: "left" },
    { head: "FROM", align: "left" },
  ] as const;
  const room = Math.max(16, width - 40);
  const rows = origins.map(({ name, value, from }) => ({
    cells: [name, value.length > room ? `${value.slice(0, room - 1)}…` : value, from],
  }));
  return [...table(columns, rows, width), []];
}

/** First what was typed, last what nobody said. */
function rankOf(from: string): number {
  return from === "command line" ? 0 : from === "default" ? 2 : 1;
}
