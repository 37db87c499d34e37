import type { ClassCount } from "@unitrain/core";
import { formatNumber } from "@unitrain/view";
import { type Line, styled } from "./line.ts";
import { renderTable } from "./table.ts";

/** How much there is to learn each class from, most first; a class that there is nothing of is marked. Of very many, the ends. */
export function renderClasses(classes: readonly ClassCount[], width: number): Line[] {
  if (classes.length === 0) return [];
  const sorted = [...classes].sort((a, b) => b.train - a.train);
  const shown =
    sorted.length <= mostRows ? sorted : [...sorted.slice(0, mostRows / 2), ...sorted.slice(-mostRows / 2)];
  const lines = renderTable(
    [
      { head: "CLASS", align: "left" },
      { head: "TRAIN", align: "right" },
      { head: "VAL", align: "right" },
      { head: "", align: "left", givesWay: 1 },
    ],
    shown.map(({ name, train, val }) => ({
      cells: [name, formatNumber(train), formatNumber(val), describeShortage(train, val)],
      ...(train === 0 ? { style: "yellow" as const } : {}),
    })),
    width,
  );
  const omittedCount = sorted.length - shown.length;
  return [
    [],
    ...lines,
    ...(omittedCount === 0 ? [] : [[styled("dim", `the ${omittedCount} classes in between are left out`)]]),
  ];
}

const mostRows = 20;

function describeShortage(train: number, val: number): string {
  if (train === 0) return "nothing to learn it from";
  return val === 0 ? "not in val" : "";
}
