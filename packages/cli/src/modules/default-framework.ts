import type { FrameworkCommandLine } from "@unitrain/core/spec";

/** The options and configuration keys of the default framework, for completion in an editor. */
export type { YoloConfig as DefaultFrameworkConfig } from "@unitrain/framework-yolo/command-line";

/** The framework that is used if none is named. */
export const defaultFramework = {
  name: "yolo",
  module: "@unitrain/framework-yolo",
  load: () => import("@unitrain/framework-yolo"),
  loadCommandLine: () => import("@unitrain/framework-yolo/command-line"),
} as const;

/** A framework that this package depends on, and finds by its name. */
interface BundledFramework {
  readonly name: string;
  readonly module: string;
  readonly load: () => Promise<unknown>;
  readonly loadCommandLine: () => Promise<{ readonly commandLine: FrameworkCommandLine }>;
}

/** All frameworks that are found by their names in every folder. Each is loaded only when it is named. */
export const bundledFrameworks: readonly BundledFramework[] = [
  defaultFramework,
  {
    name: "script",
    module: "@unitrain/framework-script",
    load: () => import("@unitrain/framework-script"),
    loadCommandLine: () => import("@unitrain/framework-script/command-line"),
  },
];
