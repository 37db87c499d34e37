import type { Plugin, Provider, Transport } from "@unitrain/core";
import type { YoloOptions } from "@unitrain/framework-yolo";

/** Arguments of `yolo train` under Ultralytics' own names; what has a name of its own in the configuration is not among them. */
export type TrainSettings = Omit<
  YoloOptions,
  "version" | "pip" | "code" | "codeInclude" | "callbacks" | "track" | "strict" | "skipBad"
>;

type Tracker = "wandb" | "tensorboard";

/** What `unitrain.config.ts` may hold. A flag or word on the command line beats each value here. */
export interface UnitrainConfig {
  /** The machine, as `--on` names it: `local`, `ssh://user@host:port`, an alias of ~/.ssh/config, `canopywave`, a package. */
  readonly on?: string;
  /** Instead of `on`: where the machine comes from. */
  readonly provider?: Provider;
  /** How it is reached; by default what fits the provider. */
  readonly transport?: Transport;
  readonly plugins?: readonly Plugin[];
  /** The dataset: a folder or its `data.yaml`, as seen from this file. */
  readonly data?: string;
  /** `model`, `epochs`, `imgsz` and the like, as `key=value` on the command line. */
  readonly train?: TrainSettings;
  /** The version of Ultralytics: `8.4.190`. */
  readonly ultralytics?: string;
  /** Refuse the dataset for its warnings too. */
  readonly strict?: boolean;
  /** Leave damaged images out of the upload, also when they are more than 1 % of the dataset. */
  readonly skipBad?: boolean;
  /** Python packages to install beside it. */
  readonly pip?: readonly string[];
  /** A folder of your own Python code, as seen from this file. */
  readonly code?: string;
  /** Files of it that look as if they held credentials, and are shipped all the same. */
  readonly codeInclude?: readonly string[];
  /** A file of functions named as Ultralytics' callbacks, as seen from this file. */
  readonly callbacks?: string;
  /** Variables for the training. Nothing secret: they are written down. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names of secret variables; their values are taken from the environment. */
  readonly secrets?: readonly string[];
  /** Trackers to switch on. */
  readonly track?: Tracker | readonly Tracker[];
  /** `H100`. */
  readonly gpu?: string;
  /** How many GPUs, at least. */
  readonly gpus?: number;
  readonly region?: string;
  /** US dollars an hour, at most. */
  readonly maxPrice?: number;
  /** US dollars in all, at most. */
  readonly budget?: number;
  readonly maxHours?: number;
  /** How much is downloaded beside the model: `"20GB"`; by default 10 GB. */
  readonly maxOutput?: string;
  /** Where all is brought to, as seen from this file; by default `runs/<task>/<name>` below the working folder. */
  readonly out?: string;
}

/**
 * The configuration of `unitrain`, with its types checked by your editor. What it holds is checked again when it is read.
 *
 * @example
 * ```ts
 * import { defineConfig } from "@unitrain/cli";
 *
 * export default defineConfig({
 *   on: "ssh://ubuntu@gpu-box",
 *   data: "./pallets",
 *   train: { model: "yolo11n.pt", epochs: 50, imgsz: 640 },
 * });
 * ```
 */
export function defineConfig(config: UnitrainConfig): UnitrainConfig {
  return config;
}
