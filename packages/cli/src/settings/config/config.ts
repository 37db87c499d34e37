import type { DefaultFrameworkConfig } from "../../modules/default-framework.ts";
import type { OwnConfig } from "../generated/config.ts";

/**
 * What `unitrain.config.ts` may hold: the settings of unitrain, and those of the framework. A flag or word on the command line
 * beats each value here.
 */
export type UnitrainConfig<FrameworkConfig extends object = DefaultFrameworkConfig> = OwnConfig &
  FrameworkConfig;

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
 *   train: { epochs: 50 },
 * });
 * ```
 *
 * Keys of another framework are typed with its own type: `defineConfig<WordsConfig>({ framework: "./framework.ts", … })`.
 */
export function defineConfig<FrameworkConfig extends object = DefaultFrameworkConfig>(
  config: UnitrainConfig<FrameworkConfig>,
): UnitrainConfig<FrameworkConfig> {
  return config;
}
