/** The options and configuration keys of the default framework, for completion in an editor. */
export type { YoloConfig as DefaultFrameworkConfig } from "@unitrain/framework-yolo/command-line";

/** The framework that is used if none is named. It is the only one that this package depends on. */
export const defaultFramework = {
  name: "yolo",
  module: "@unitrain/framework-yolo",
  load: () => import("@unitrain/framework-yolo"),
  loadCommandLine: () => import("@unitrain/framework-yolo/command-line"),
} as const;
