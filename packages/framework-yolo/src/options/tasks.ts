/** What YOLO learns here, in Ultralytics' own words. */
export const tasks = ["detect", "segment", "pose", "obb", "classify"] as const;

export type Task = (typeof tasks)[number];

/** Tasks of Ultralytics that unitrain does not train. They are refused by name. */
export const untrainedTasks = ["semantic", "depth"] as const;

/** How the name of an official model ends, by its task: `yolo11n-seg.pt`. */
export const modelSuffixes: Readonly<Record<Task | (typeof untrainedTasks)[number], string>> = {
  detect: "",
  segment: "-seg",
  pose: "-pose",
  obb: "-obb",
  classify: "-cls",
  semantic: "-sem",
  depth: "-depth",
};

/** What Ultralytics does besides training. */
export const otherModes = ["val", "predict", "export", "track", "benchmark"] as const;

/** Whether a word names a task of Ultralytics, also one that is refused here. */
export const isTaskName = (word: unknown): word is Task | (typeof untrainedTasks)[number] =>
  typeof word === "string" && Object.hasOwn(modelSuffixes, word);
