/** The progress of a training at one moment. */
export interface Progress {
  readonly unit: "epoch" | "step";
  /** The number of the epoch (or step), from 1: the one that has ended if `complete`, else the current one. */
  readonly done: number;
  /** The number of epochs (or steps) of the training. */
  readonly total?: number;
  /** Whether the epoch (or step) has ended, so that `metrics` are final. */
  readonly complete: boolean;
  /** The progress within the current epoch. */
  readonly batch?: { readonly done: number; readonly total: number };
  /** Metrics by the names that the framework uses: `box_loss`, `mAP50`, `mAP50-95`. */
  readonly metrics: Readonly<Record<string, number>>;
  /**
   * The figure by which the framework chooses the best epoch, where higher is better; for YOLO it is the fitness. Only complete
   * epochs have one. It is comparable between runs of the same framework and task.
   */
  readonly score?: number;
  readonly gpuMemoryBytes?: number;
}

/** What is known about a training before its progress is read. */
export interface ProgressInput {
  /** The versions that the environment reported: `{ ultralytics: "8.4.190" }`. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Reads the progress of a training from its log and its watched files. Core uses one per run and process, and drops repeated progress. */
export interface ProgressReader {
  /** Reads complete lines of the log, with secrets masked. A carriage return ends a line too. */
  text(lines: string): readonly Progress[];
  /** Reads the whole content of a watched file. */
  file(path: string, content: string): readonly Progress[];
}
