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
  /** Key points that are there and not hidden, or of which that is not said. */
  shownPoints = 0;

  /** That say anything. */
  get rows(): number {
    return Object.values(this.shapes).reduce((sum, count) => sum + count, 0);
  }

  count(shape: RowShape): void {
    this.shapes[shape]++;
  }

  countId(id: number): void {
    this.ids.set(id, (this.ids.get(id) ?? 0) + 1);
  }
}
