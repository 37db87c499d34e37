/** YOLO's own users write `detect train data=…`, with or without a `yolo` in front; `train detect …` means the same. */
export function withoutTask(words: readonly string[]): {
  readonly task?: string;
  readonly words: readonly string[];
} {
  const rest = words[0] === "yolo" ? words.slice(1) : words;
  const [first, second] = rest;
  if (isTask(first) && second === "train") return { task: first, words: rest.slice(2) };
  if (first === "train" && isTask(second)) return { task: second, words: rest.slice(2) };
  // A folder may be called detect: without `train` or a dataset of its own it is meant as one.
  if (isTask(first) && rest.some((word) => word.startsWith("data=")))
    return { task: first, words: rest.slice(1) };
  if (first === "train" && words[0] === "yolo") return { words: rest.slice(1) };
  return { words: rest };
}

/** What else YOLO does: `predict` of `yolo detect predict …`; undefined for a training. */
export function otherMode(words: readonly string[]): string | undefined {
  const rest = words[0] === "yolo" ? words.slice(1) : words;
  const mode = isTask(rest[0]) ? rest[1] : words[0] === "yolo" ? rest[0] : undefined;
  return mode !== undefined && modes.includes(mode) ? mode : undefined;
}

/** Whether `unitrain detect train …` or `unitrain yolo …` was meant as `unitrain train …`. */
export function beginsLikeYolo(words: readonly string[]): boolean {
  return words[0] === "yolo" || (isTask(words[0]) && words[1] === "train") || otherMode(words) !== undefined;
}

function isTask(word: string | undefined): word is string {
  return word !== undefined && tasks.includes(word);
}

const tasks = ["detect", "segment", "classify", "pose", "obb", "semantic", "depth"];
const modes = ["val", "predict", "export", "track", "benchmark"];
