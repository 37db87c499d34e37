/** How far a training is, in the framework's own words for its metrics. */
export interface Progress {
  readonly unit: "epoch" | "step";
  /** Finished when `complete`, else the one being worked on; from 1. */
  readonly done: number;
  readonly total?: number;
  /** This epoch (or step) is over, and `metrics` are its own. */
  readonly complete: boolean;
  /** Within an epoch that is not complete. */
  readonly batch?: { readonly done: number; readonly total: number };
  /** As the framework calls them: `box_loss`, `mAP50`, `mAP50-95`. */
  readonly metrics: Readonly<Record<string, number>>;
  /**
   * The figure by which the framework tells which epoch is the best, in a number of which more is better: of YOLO its fitness. Only of
   * complete ones, and comparable between runs of the same framework and task.
   */
  readonly score?: number;
  readonly gpuMemoryBytes?: number;
}

/** What is known of a training before its progress is read. */
export interface ProgressInput {
  /** Of the environment that trains, as it told them itself: `{ ultralytics: "8.4.190" }`. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Reads what a training says and writes. One for each run in a process; core feeds it and suppresses what it told before. */
export interface ProgressReader {
  /** Masked log text, whole lines; a carriage return ends a line too. */
  text(lines: string): readonly Progress[];
  /** A watched file, whole. */
  file(path: string, content: string): readonly Progress[];
}
