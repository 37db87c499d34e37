import type { DefaultFrameworkConfig } from "../../modules/default-framework.ts";
import type { OwnConfig } from "../generated/config.ts";

/**
 * The content of `unitrain.config.ts`: the settings of unitrain and those of the framework. A flag or word on the command line
 * overrides its value here. Sizes are texts with a unit (`"20GB"`), prices are US dollars, and `maxHours` is in hours.
 *
 * @example
 * ```ts
 * import type { UnitrainConfig } from "@unitrain/cli";
 *
 * const config: UnitrainConfig = {
 *   on: "canopywave",
 *   gpu: "H100",
 *   budget: 8,
 *   data: "./pallets",
 *   train: { epochs: 50 },
 * };
 *
 * export default config;
 * ```
 */
export type UnitrainConfig<FrameworkConfig extends object = DefaultFrameworkConfig> = OwnConfig &
  FrameworkConfig;

/**
 * Returns the configuration unchanged, so that your editor checks its types. unitrain checks it again when it reads the file.
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
 * For another framework, pass the type of its keys: `defineConfig<WordsConfig>({ framework: "./framework.ts", … })`.
 */
export function defineConfig<FrameworkConfig extends object = DefaultFrameworkConfig>(
  // Not inferred from the configuration, because then every misspelled option would be one of the framework.
  config: UnitrainConfig<NoInfer<FrameworkConfig>>,
): UnitrainConfig<FrameworkConfig> {
  return config;
}
