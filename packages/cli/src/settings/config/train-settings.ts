import type { YoloOptions } from "@unitrain/framework-yolo";

/** Arguments of `yolo train` under Ultralytics' own names; what has a name of its own in the configuration is not among them. */
export type TrainSettings = Omit<
  YoloOptions,
  "version" | "pip" | "code" | "codeInclude" | "callbacks" | "track" | "strict" | "skipBad"
>;
