import { PoseRows } from "./pose-rows.ts";
import type { RowShape } from "./row-shapes.ts";

/** Counts the rows of all labels in a split. */
export class Tally {
  readonly shapes: Record<RowShape, number> = {
    box: 0,
    corners: 0,
    triangle: 0,
    outline: 0,
    points: 0,
    wrong: 0,
  };
  /** Rows by class id, including ids without a class. */
  readonly ids = new Map<number, number>();
  /** Objects in images that are kept, by class. */
  readonly kept = new Map<number, number>();
  /** Collects rows that may be pose labels. */
  readonly poseRows = new PoseRows();
  /** Rows of seven columns that end in an integer, which are probably boxes with two extra columns. */
  triangleLikeBoxes = 0;
  /** Key points that are visible, or have no visibility flag. */
  shownPoints = 0;

  /** Number of rows. */
  get rows(): number {
    return Object.values(this.shapes).reduce((sum, count) => sum + count, 0);
  }

  count(shape: RowShape): void {
    this.shapes[shape]++;
  }

  keep(ids: readonly number[]): void {
    for (const id of ids) this.kept.set(id, (this.kept.get(id) ?? 0) + 1);
  }

  countId(id: number): void {
    this.ids.set(id, (this.ids.get(id) ?? 0) + 1);
  }
}
