/** The tasks that unitrain trains, in Ultralytics' terms. */
export const tasks = ["detect", "segment", "pose", "obb", "classify"] as const;

export type Task = (typeof tasks)[number];

/** Tasks of Ultralytics that unitrain does not train. They get an error of their own. */
export const untrainedTasks = ["semantic", "depth"] as const;

/** Suffix of an official model's name by task, as in `yolo11n-seg.pt`. */
export const modelSuffixes: Readonly<Record<Task | (typeof untrainedTasks)[number], string>> = {
  detect: "",
  segment: "-seg",
  pose: "-pose",
  obb: "-obb",
  classify: "-cls",
  semantic: "-sem",
  depth: "-depth",
};

/** Modes of Ultralytics other than training. */
export const otherModes = ["val", "predict", "export", "track", "benchmark"] as const;

/** Returns whether a word is a task of Ultralytics, including those that unitrain does not train. */
export const isTaskName = (word: unknown): word is Task | (typeof untrainedTasks)[number] =>
  typeof word === "string" && Object.hasOwn(modelSuffixes, word);
