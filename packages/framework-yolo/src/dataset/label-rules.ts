import type { KeyPoints } from "./key-points.ts";
import type { RowTask } from "./row-shapes.ts";

/** Rules for the labels of a dataset. */
export interface LabelRules {
  readonly task: RowTask;
  /** Number of classes. */
  readonly classes: number;
  /** All objects count as one class, whatever their ids are. */
  readonly singleClass: boolean;
  readonly keyPoints: KeyPoints | undefined;
}

/**
 * A fault in a line of a label. An `error` makes the whole image unusable, because Ultralytics drops or misreads it.
 */
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
