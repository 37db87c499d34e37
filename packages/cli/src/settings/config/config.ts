import type { FrameworkConfig } from "../framework-config.ts";
import type { OwnConfig } from "../generated/config.ts";

/** What `unitrain.config.ts` may hold. A flag or word on the command line beats each value here. */
export interface UnitrainConfig extends OwnConfig, FrameworkConfig {}

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
