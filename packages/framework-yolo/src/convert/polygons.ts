import { formatNumber } from "./converted.ts";
import type { ImageSize } from "./image-size.ts";

type Point = readonly [x: number, y: number];

/**
 * Formats COCO polygons as `class x1 y1 x2 y2 …`, joining several polygons of one object. Returns undefined for masks
 * and for polygons with fewer than three corners.
 */
export function formatOutlineRow(
  id: number,
  segmentation: unknown,
  { width, height }: ImageSize,
): string | undefined {
  if (!Array.isArray(segmentation)) return undefined;
  const polygons = segmentation
    .filter(
      (polygon): polygon is number[] =>
        Array.isArray(polygon) && polygon.length >= 6 && polygon.every(Number.isFinite),
    )
    .map(toPoints);
  const [first, ...others] = polygons;
  if (first === undefined) return undefined;
  const joined = others.reduce<readonly Point[]>(joinPolygons, first);
  const inside = (value: number) => formatNumber(Math.min(1, Math.max(0, value)));
  return [id, ...joined.flatMap(([x, y]) => [inside(x / width), inside(y / height)])].join(" ");
}

/** Returns the corners of a box as a COCO polygon. */
export const toOutline = ([left, top, right, bottom]: readonly [number, number, number, number]) =>
  [left, top, right, top, right, bottom, left, bottom] as const;

function toPoints(numbers: readonly number[]): readonly Point[] {
  return Array.from({ length: Math.floor(numbers.length / 2) }, (_, at) => [
    numbers[2 * at] ?? 0,
    numbers[2 * at + 1] ?? 0,
  ]);
}

/** Joins two polygons: follows the first to the corner nearest to the second, around the second, and back. */
function joinPolygons(a: readonly Point[], b: readonly Point[]): readonly Point[] {
  let [nearest, from, to] = [Infinity, 0, 0];
  for (const [at, [x, y]] of a.entries()) {
    for (const [index, [otherX, otherY]] of b.entries()) {
      const distance = (x - otherX) ** 2 + (y - otherY) ** 2;
      if (distance < nearest) [nearest, from, to] = [distance, at, index];
    }
  }
  const around = [...b.slice(to), ...b.slice(0, to + 1)];
  return [...a.slice(0, from + 1), ...around, ...a.slice(from)];
}
