type Tracker = "wandb" | "tensorboard";

/** The options of the framework that `unitrain.config.ts` may hold beside `train`. */
export interface FrameworkConfig {
  /** The version of Ultralytics: `8.4.190`. */
  readonly ultralytics?: string;
  /** Refuse the dataset for its warnings too. */
  readonly strict?: boolean;
  /** Leave damaged images out of the upload, also when they are more than 1 % of the dataset. */
  readonly skipBad?: boolean;
  /** Python packages to install as well. */
  readonly pip?: string | readonly string[];
  /** A folder of your own Python code, relative to this file. */
  readonly code?: string;
  /** Files of it that look as if they held credentials, and are uploaded all the same. */
  readonly codeInclude?: string | readonly string[];
  /** A file of functions named as Ultralytics' callbacks, relative to this file. */
  readonly callbacks?: string;
  /** Trackers to switch on. */
  readonly track?: Tracker | readonly Tracker[];
}
