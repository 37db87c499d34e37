import type { YoloOptions } from "../options/options.ts";
import type { Tracker } from "../options/track.ts";

/** Arguments of `yolo train` under Ultralytics' own names. What has a key of its own in the configuration is not among them. */
export type YoloTrainSettings = Omit<
  YoloOptions,
  "version" | "pip" | "code" | "codeInclude" | "callbacks" | "track" | "strict" | "skipBad"
>;

/** What `unitrain.config.ts` may hold for YOLO. */
export interface YoloConfig {
  /** Arguments of `yolo train` under their own names: `{ model: "yolo11n.pt", epochs: 50 }`. */
  readonly train?: YoloTrainSettings;
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
