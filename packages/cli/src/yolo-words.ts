/** YOLO's own users write `detect train data=…`, with or without a `yolo` in front. */
export function withoutTask(words: readonly string[]): {
  readonly task?: string;
  readonly words: readonly string[];
} {
  const rest = words[0] === "yolo" ? words.slice(1) : words;
  const [task, mode] = rest;
  return task !== undefined && tasks.includes(task) && mode === "train"
    ? { task, words: rest.slice(2) }
    : { words: rest };
}

/** Whether `unitrain detect train …` was meant as `unitrain train detect train …`. */
export function beginsLikeYolo(words: readonly string[]): boolean {
  return withoutTask(words).task !== undefined;
}

const tasks = ["detect", "segment", "classify", "pose", "obb", "semantic", "depth"];
