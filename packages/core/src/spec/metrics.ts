/** One figure of an epoch, as screens show it. */
export interface MetricColumn {
  /** Its name in `Progress.metrics`: `box_loss`, `mAP50-95`. */
  readonly key: string;
  /** Short, for a screen: `box`, `mAP50-95`. */
  readonly label: string;
  /**
   * What it tells. A `loss` is shown while an epoch goes on, a `score` says how good the model is once one is over, and a `detail`
   * stands in the table of epochs only, and gives way where there is little room.
   */
  readonly role: "loss" | "score" | "detail";
  /** `share`: a part of one, shown as `.812`. By default a plain number. */
  readonly format?: "share";
}

/** How the metrics of a training are shown. Plain data: screens show runs of frameworks that they cannot load. */
export interface ShownMetrics {
  /** In their order. One that an epoch does not have is left out. */
  readonly columns: readonly MetricColumn[];
  /** The column by which one epoch is better than another, where `Progress.score` does not say it. */
  readonly deciding?: { readonly key: string; readonly better: "higher" | "lower" };
}
