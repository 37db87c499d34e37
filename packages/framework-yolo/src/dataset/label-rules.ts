import type { KeyPoints } from "./key-points.ts";
import type { RowTask } from "./row-shapes.ts";

/** What the labels of a set are held to. */
export interface LabelRules {
  readonly task: RowTask;
  /** How many there are. */
  readonly classes: number;
  /** All objects are taken for one class, whatever their ids are. */
  readonly singleClass: boolean;
  readonly keyPoints: KeyPoints | undefined;
}

/** Something wrong in a line of a label. With an `error` the whole image is useless: Ultralytics drops it, or misreads it. */
export interface LabelFault {
  readonly kind:
    | "column counts"
    | "numbers"
    | "class ids"
    | "coordinates"
    | "outlines beyond the image"
    | "empty boxes"
    | "visibility"
    | "points at 0 0"
    | "objects twice";
  readonly severity: "error" | "warning";
  readonly message: string;
}
