import { type ArgumentKind, isTrainArgument, trainArguments } from "./arguments.ts";
import { defaultModel } from "./default-model.ts";
import { tasks } from "./tasks.ts";
import { testedVersion } from "./version.ts";
import { findRules } from "./version-rules.ts";

const sizes = ["n", "s", "m", "l", "x"];
const choicesByKind: Partial<Record<ArgumentKind, readonly string[]>> = {
  flag: ["True", "False"],
  cache: ["ram", "disk", "True", "False"],
  split: ["val", "test", "train"],
};

/**
 * Returns values that an argument of `yolo train` can have, for completions: all of them where they are a list, the common
 * ones of `model`; none where a value is a number or a name.
 */
export function listArgumentChoices(name: string): readonly string[] {
  if (name === "task") return tasks;
  if (name === "model") return commonModels();
  if (!isTrainArgument(name)) return [];
  const [rule] = findRules(name, testedVersion);
  return rule?.rule?.choices ?? choicesByKind[trainArguments[name]] ?? [];
}

/** Of each task the pretrained models from small to large, then the structures without weights. */
function commonModels(): readonly string[] {
  const weights = tasks.flatMap((task) => {
    const smallest = defaultModel(task, testedVersion);
    return sizes.map((size) => smallest.replace(/^(yolo\d+)n/, `$1${size}`));
  });
  return [...weights, ...weights.map((name) => name.replace(/\.pt$/, ".yaml"))];
}
