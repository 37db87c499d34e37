import type { ClassCount } from "@unitrain/core";
import { formatNumber } from "@unitrain/view";
import { type Line, styled } from "./line.ts";
import { renderTable } from "./table.ts";

/** Renders the number of annotations of each class, largest first. Marks classes without any. Of many classes, only the largest and smallest are shown. */
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
    ...(omittedCount === 0 ? [] : [[styled("dim", `${omittedCount} classes in between are not shown`)]]),
  ];
}

const mostRows = 20;

function describeShortage(train: number, val: number): string {
  if (train === 0) return "no training data";
  return val === 0 ? "not in val" : "";
}
