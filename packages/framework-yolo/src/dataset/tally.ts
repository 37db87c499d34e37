import { PoseRows } from "./pose-rows.ts";
import type { RowShape } from "./row-shapes.ts";

/** What the rows of all labels of one split are, added up. */
export class Tally {
  readonly shapes: Record<RowShape, number> = {
    box: 0,
    corners: 0,
    triangle: 0,
    outline: 0,
    points: 0,
    wrong: 0,
  };
  /** Rows by the id that they begin with, also ids that no class has. */
  readonly ids = new Map<number, number>();
  /** Objects of images that are kept, by class. */
  readonly kept = new Map<number, number>();
  /** Rows that may be meant for pose. */
  readonly poseRows = new PoseRows();
  /** Rows of seven columns that end in a whole number: more likely a box with two columns too many. */
  triangleLikeBoxes = 0;
  /** Key points that are there and not hidden, or of which that is not said. */
  shownPoints = 0;

  /** That say anything. */
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
