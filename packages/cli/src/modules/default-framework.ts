/** The framework where none is named: the only one that the command line knows. */
export const defaultFramework = {
  name: "yolo",
  module: "@unitrain/framework-yolo",
  load: () => import("@unitrain/framework-yolo"),
  loadCommandLine: () => import("@unitrain/framework-yolo/command-line"),
} as const;
