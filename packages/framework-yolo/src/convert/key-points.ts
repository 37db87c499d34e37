import type { KeyPointNames } from "./converted.ts";
import { formatNumber } from "./converted.ts";
import type { ImageSize } from "./image-size.ts";

/**
 * Formats key points as `x y visible`, three columns each; undefined when none is labeled, because Ultralytics skips
 * such objects.
 */
export function formatKeyPoints(
  numbers: readonly number[] | null | undefined,
  points: number,
  { width, height }: ImageSize,
): string | undefined {
  if (!numbers?.some((value, at) => at % 3 === 2 && value > 0)) return undefined;
  const inside = (value: number) => formatNumber(Math.min(1, Math.max(0, value)));
  return Array.from({ length: points }, (_, at) => {
    const [x = 0, y = 0, visible = 0] = numbers.slice(3 * at, 3 * at + 3);
    return visible > 0 ? `${inside(x / width)} ${inside(y / height)} ${visible}` : "0 0 0";
  }).join(" ");
}

/**
 * Returns the index of each key point's mirror image, found by `left` and `right` in the names; undefined when a
 * partner is missing.
 */
export function findFlipIndexes(names: KeyPointNames): readonly number[] | undefined {
  const mirrored = names.map((name) => {
    const mirroredName = name.replace(/left|right/i, (side) =>
      side.toLowerCase() === "left" ? "right" : "left",
    );
    return names.findIndex((name) => name.toLowerCase() === mirroredName.toLowerCase());
  });
  return mirrored.includes(-1) ? undefined : mirrored;
}
