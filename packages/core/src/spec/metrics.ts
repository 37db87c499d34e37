/** How screens show one metric of an epoch. */
export interface MetricColumn {
  /** Its name in `Progress.metrics`: `box_loss`, `mAP50-95`. */
  readonly key: string;
  /** A short label: `box`, `mAP50-95`. */
  readonly label: string;
  /**
   * The meaning of the metric. A `loss` is shown during an epoch. A `score` is shown after an epoch and says how good the model is. A
   * `detail` is only in the table of epochs, and is left out if there is too little space.
   */
  readonly role: "loss" | "score" | "detail";
  /** `share` shows a fraction of one as `.812`. By default the metric is shown as a plain number. */
  readonly format?: "share";
}

/** How screens show the metrics of a training. It is plain data, because screens show runs of frameworks that they cannot load. */
export interface ShownMetrics {
  /** The columns in their order. A metric that an epoch does not have is left out. */
  readonly columns: readonly MetricColumn[];
  /** The column that decides which of two epochs is better, if they have no `Progress.score`. */
  readonly deciding?: { readonly key: string; readonly better: "higher" | "lower" };
}
