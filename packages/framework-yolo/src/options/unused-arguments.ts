import { type ArgumentValue, formatArgument } from "./scalar.ts";
import { type Task, tasks } from "./tasks.ts";

/** Arguments that have an effect in some tasks only, although Ultralytics accepts them in all. */
const tasksByArgument: Readonly<Record<string, readonly Task[]>> = {
  overlap_mask: ["segment"],
  mask_ratio: ["segment"],
  pose: ["pose"],
  kobj: ["pose"],
  rle: ["pose"],
  angle: ["obb"],
  dropout: ["classify"],
  auto_augment: ["classify"],
  erasing: ["classify"],
  crop_fraction: ["classify"],
  dlog: [],
  dgrad: [],
  dlam: [],
  ...Object.fromEntries(
    ["box", "dfl", "mosaic", "mixup", "cutmix", "copy_paste", "single_cls"].map((name) => [
      name,
      tasks.filter((task) => task !== "classify"),
    ]),
  ),
};

/**
 * Returns a warning for each argument that has no effect in this task. Arguments that are switched off are not
 * reported.
 */
export function findUnusedArguments(
  trainArguments: Readonly<Record<string, ArgumentValue>>,
  task: Task,
): readonly string[] {
  return Object.entries(trainArguments).flatMap(([key, value]) => {
    const tasks = tasksByArgument[key];
    if (tasks === undefined || tasks.includes(task) || value === false || value === 0 || value === null)
      return [];
    const belongs = tasks.length === 0 ? "depth, which unitrain does not train" : tasks.join(", ");
    return [`${key}=${formatArgument(value)} does nothing in a ${task} training: it belongs to ${belongs}.`];
  });
}
