import type { RowTask } from "./row-shapes.ts";

/** With fewer rows, outlines may look like boxes with key points by chance. */
const fewestRows = 8;
/** Minimum share of the box that key points span. Corners that are misread as a box with points span less. */
const smallestSpan = 0.4;

/**
 * Detects pose labels among rows that Ultralytics would read as outlines: a box, then `x y` or `x y visible` for each
 * key point. With an odd number of columns they would be trained on as outlines, without an error.
 */
export class PoseRows {
  #rows = 0;
  #withFlags = 0;
  #withPoints = 0;
  #hasVisible = false;
  #columns: number | undefined;

  /** Merges the rows of several splits. */
  static join(parts: readonly PoseRows[]): PoseRows {
    const all = new PoseRows();
    for (const part of parts.filter((candidate) => candidate.#columns !== undefined)) {
      all.#rows += part.#rows;
      all.#withFlags += part.#withFlags;
      all.#withPoints += part.#withPoints;
      all.#hasVisible ||= part.#hasVisible;
      all.#columns = (all.#columns ?? part.#columns) === part.#columns ? part.#columns : Number.NaN;
    }
    return all;
  }

  add(columns: readonly string[], task: RowTask): void {
    const count = columns.length;
    if (count <= 6 || (task === "obb" && count === 9)) {
      this.#columns = Number.NaN;
      return;
    }
    this.#columns = this.#columns === undefined || this.#columns === count ? count : Number.NaN;
    this.#rows++;
    if (Number.isNaN(this.#columns)) return;
    const numbers = columns.map(Number);
    if (numbers.some(Number.isNaN)) return;
    if ((count - 5) % 3 === 0 && getVisibilityFlags(numbers).every((flag) => [0, 1, 2].includes(flag))) {
      this.#withFlags++;
      this.#hasVisible ||= getVisibilityFlags(numbers).includes(2);
    }
    if ((count - 5) % 2 === 0 && count > 7 && doPointsFillBox(numbers)) this.#withPoints++;
  }

  /**
   * Returns the `kpt_shape` that fits if all rows look like pose; undefined otherwise. `boxes` is the number of plain
   * boxes.
   */
  guessShape(
    boxes: number,
  ): { readonly columns: number; readonly shape: readonly [number, 2 | 3] } | undefined {
    const columns = this.#columns ?? Number.NaN;
    if (this.#rows === 0 || boxes > 0 || Number.isNaN(columns)) return undefined;
    if (this.#withFlags === this.#rows && (this.#hasVisible || this.#rows >= fewestRows))
      return { columns, shape: [(columns - 5) / 3, 3] };
    if (this.#withPoints === this.#rows && this.#rows >= fewestRows)
      return { columns, shape: [(columns - 5) / 2, 2] };
    return undefined;
  }
}

const getVisibilityFlags = (numbers: readonly number[]): readonly number[] =>
  numbers.filter((_, at) => at >= 5 && (at - 5) % 3 === 2);

/** Returns whether a row can be a box within the image with points inside that span most of it. */
function doPointsFillBox([, x = 0, y = 0, width = 0, height = 0, ...points]: readonly number[]): boolean {
  const slack = 0.02;
  const isInside = (center: number, size: number) =>
    size > 0 && center - size / 2 >= -slack && center + size / 2 <= 1 + slack;
  if (!isInside(x, width) || !isInside(y, height)) return false;
  let [left, top, right, bottom] = [1, 1, 0, 0];
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [pointX = 0, pointY = 0] = [points[at], points[at + 1]];
    if (pointX === 0 && pointY === 0) continue;
    if (Math.abs(pointX - x) > width / 2 + slack || Math.abs(pointY - y) > height / 2 + slack) return false;
    left = Math.min(left, pointX);
    right = Math.max(right, pointX);
    top = Math.min(top, pointY);
    bottom = Math.max(bottom, pointY);
  }
  return right - left >= smallestSpan * width && bottom - top >= smallestSpan * height;
}
