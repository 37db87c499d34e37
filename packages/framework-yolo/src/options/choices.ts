import { type ArgumentKind, isTrainArgument, trainArguments } from "./arguments.ts";
import { getDefaultModel } from "./default-model.ts";
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
 * Returns values of an argument of `yolo train`, for completion in a shell.
 *
 * @param name The argument's name, such as `optimizer`.
 * @returns All choices, or the common models for `model`; an empty list for numbers, free text and unknown names.
 */
export function listArgumentChoices(name: string): readonly string[] {
  if (name === "task") return tasks;
  if (name === "model") return listCommonModels();
  if (!isTrainArgument(name)) return [];
  const [rule] = findRules(name, testedVersion);
  return rule?.rule?.choices ?? choicesByKind[trainArguments[name]] ?? [];
}

/** Lists the pretrained models of each task from small to large, then the same structures without weights. */
function listCommonModels(): readonly string[] {
  const weights = tasks.flatMap((task) => {
    const smallest = getDefaultModel(task, testedVersion);
    return sizes.map((size) => smallest.replace(/^(yolo\d+)n/, `$1${size}`));
  });
  return [...weights, ...weights.map((name) => name.replace(/\.pt$/, ".yaml"))];
}
