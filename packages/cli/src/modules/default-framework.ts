/** The options and configuration keys of the default framework, for an editor. */
export type { YoloConfig as DefaultFrameworkConfig } from "@unitrain/framework-yolo/command-line";

/** The framework where none is named: the only one that the command line knows. */
export const defaultFramework = {
  name: "yolo",
  module: "@unitrain/framework-yolo",
  load: () => import("@unitrain/framework-yolo"),
  loadCommandLine: () => import("@unitrain/framework-yolo/command-line"),
} as const;
