import { type PastedLines, UnitrainError } from "@unitrain/core/spec";
import { isTaskName, otherModes } from "../options/tasks.ts";

/** Lines of Ultralytics' own program: `yolo detect train data=…`, also without `yolo`; `train detect …` means the same. */
export const pastedLines: PastedLines = {
  programs: ["yolo"],
  matches: (words) =>
    words[0] === "yolo" ||
    (isTaskName(words[0]) && words[1] === "train") ||
    findOtherMode(words) !== undefined,
  read: (words) => {
    const mode = findOtherMode(words);
    if (mode !== undefined) {
      throw new UnitrainError("INVALID_OPTIONS", `unitrain does not ${mode}: it only trains.`, {
        hint: `Run \`yolo ${mode}\` with the downloaded model.`,
      });
    }
    const { task, rest } = splitOffTask(words);
    // The only mode here. Others are refused by the check of the options.
    const settings = rest.filter((word) => word !== "mode=train");
    return task === undefined ? settings : [`task=${task}`, ...settings];
  },
};

function splitOffTask(words: readonly string[]): {
  readonly task?: string;
  readonly rest: readonly string[];
} {
  const rest = words[0] === "yolo" ? words.slice(1) : words;
  const [first, second] = rest;
  if (isTaskName(first) && second === "train") return { task: first, rest: rest.slice(2) };
  if (first === "train" && isTaskName(second)) return { task: second, rest: rest.slice(2) };
  // A folder may be called detect: without `train` or a dataset of its own it is meant as one.
  if (isTaskName(first) && rest.some((word) => word.startsWith("data=")))
    return { task: first, rest: rest.slice(1) };
  if (first === "train" && words[0] === "yolo") return { rest: rest.slice(1) };
  return { rest };
}

/** `predict` of `yolo detect predict …`; undefined for a training. */
function findOtherMode(words: readonly string[]): string | undefined {
  const rest = words[0] === "yolo" ? words.slice(1) : words;
  const mode = isTaskName(rest[0]) ? rest[1] : words[0] === "yolo" ? rest[0] : undefined;
  return otherModes.find((other) => other === mode);
}
