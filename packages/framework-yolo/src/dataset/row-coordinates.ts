import type { LabelFault, LabelRules } from "./label-rules.ts";
import { getBoundingBox, maxCoordinate, minCoordinate } from "./normalize-label.ts";
import type { RowShape } from "./row-shapes.ts";
import type { Tally } from "./tally.ts";

const isOutside = (coordinate: number): boolean => coordinate < minCoordinate || coordinate > maxCoordinate;

/** Returns what is wrong with the coordinates of a row whose class is valid; undefined when nothing is. */
export function findCoordinateFault(
  numbers: readonly number[],
  shape: RowShape,
  rules: LabelRules,
  tally: Tally,
): LabelFault | undefined {
  if (shape !== "box" && shape !== "points") return findOutlineFault(numbers, shape);
  const [, x = 0, y = 0, width = 0, height = 0] = numbers;
  const outside = [x, y, width, height].find(isOutside) ?? [width, height].find((side) => side < 0);
  if (outside !== undefined) return createRangeFault(outside);
  const fault = rules.task === "pose" ? findPointFault(numbers, rules, tally) : undefined;
  return fault ?? (width === 0 || height === 0 ? emptyBox : undefined);
}

function findPointFault(
  numbers: readonly number[],
  { keyPoints }: LabelRules,
  tally: Tally,
): LabelFault | undefined {
  const dimensions = keyPoints?.dimensions ?? 3;
  let warning: LabelFault | undefined;
  for (let at = 5; at + 1 < numbers.length; at += dimensions) {
    const [x = 0, y = 0, visible = 0] = numbers.slice(at, at + dimensions);
    const outside = [x, y].find(isOutside);
    if (outside !== undefined) {
      return createRangeFault(outside, outside < 0 ? " A point that is not there is 0 0 0." : undefined);
    }
    if (visible < 0) return createRangeFault(visible, visibilityHelp);
    if (dimensions === 2 || visible !== 0) tally.shownPoints++;
    if (dimensions === 2 && x === 0 && y === 0) warning ??= cornerPoint;
    if (![0, 1, 2].includes(visible)) warning ??= createVisibilityFault(visible);
  }
  return warning;
}

const visibilityHelp = " A point is visible (2), hidden (1) or not there (0).";

const createVisibilityFault = (visible: number): LabelFault => ({
  kind: "visibility",
  severity: "warning",
  message: `${formatNumber(visible)} is not a valid visibility.${visibilityHelp}`,
});

const cornerPoint: LabelFault = {
  kind: "points at 0 0",
  severity: "warning",
  message:
    "A key point at 0 0 is learned as the upper left corner. To say that it is not there, give each point a third number.",
};

/**
 * Ultralytics checks the box around an outline instead of its points: corners of rotated boxes may lie outside the
 * image.
 */
function findOutlineFault(numbers: readonly number[], shape: RowShape): LabelFault | undefined {
  const coordinates = numbers.slice(1);
  const box = getBoundingBox(numbers);
  const outside = coordinates.find(isOutside);
  if (box.some(isOutside)) return createRangeFault(outside ?? getLargest(coordinates));
  if (box[2] === 0 || box[3] === 0) return emptyBox;
  if (outside === undefined || shape === "corners") return undefined;
  const message = `${formatNumber(outside)} is outside of 0 to 1; YOLO cuts the outline off there.`;
  return { kind: "outlines beyond the image", severity: "warning", message };
}

function createRangeFault(
  value: number,
  hint = value > 2 ? " It looks like pixels: divide by the image's width and height." : "",
): LabelFault {
  return {
    kind: "coordinates",
    severity: "error",
    message: `${formatNumber(value)} is outside of 0 to 1.${hint}`,
  };
}

const emptyBox: LabelFault = {
  kind: "empty boxes",
  severity: "warning",
  message: "This object has a width or height of 0.",
};

const getLargest = (numbers: readonly number[]): number =>
  numbers.reduce((largest, number) => Math.max(largest, number), Number.NEGATIVE_INFINITY);

/** Formats a number without the digits added by rounding to 32 bits. */
const formatNumber = (value: number): string => String(Number(value.toPrecision(7)));
