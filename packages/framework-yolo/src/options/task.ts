import { UnitrainError } from "@unitrain/core/spec";
import { getFileName, isOfficialName } from "./model-name.ts";
import { isTaskName, modelSuffixes, type Task, tasks } from "./tasks.ts";

const trainableTasks: readonly string[] = tasks;

/**
 * Returns the requested task, otherwise the one in the model's name, otherwise detect. Throws `INVALID_OPTIONS` for a
 * task that unitrain cannot train, or that does not match an official model.
 */
export function chooseTask(task: unknown, model: unknown): Task {
  const wanted = task ?? (typeof model === "string" ? getModelTask(model) : "detect");
  if (isTrainable(wanted)) {
    if (typeof model === "string" && isOfficialName(getFileName(model)))
      refuseOtherTask(model, getModelTask(model), wanted);
    return wanted;
  }
  if (!isTaskName(wanted)) {
    throw new UnitrainError("INVALID_OPTIONS", `task=${String(wanted)} is not a task of YOLO.`, {
      hint: `Use one of ${trainableTasks.join(", ")}.`,
    });
  }
  const reason = task === undefined ? ` (${String(model)} is a model for it)` : "";
  throw new UnitrainError("INVALID_OPTIONS", `The task ${wanted} cannot be trained with unitrain${reason}.`, {
    hint: `Use one of ${trainableTasks.join(", ")}.`,
  });
}

/**
 * Throws `INVALID_OPTIONS` when the model is for another task. Ultralytics ignores the task in that case, and would
 * train something other than intended.
 */
export function refuseOtherTask(model: string, modelTask: string | undefined, task: Task): void {
  if (modelTask === undefined || modelTask === task) return;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `${getFileName(model)} is a model for ${modelTask}, but the task is ${task}.`,
    {
      hint: isTrainable(modelTask)
        ? `Use task=${modelTask}, or a model for ${task}.`
        : `Use a model for one of ${trainableTasks.join(", ")}.`,
    },
  );
}

const isTrainable = (task: unknown): task is Task =>
  typeof task === "string" && trainableTasks.includes(task);

/** Returns the task in an official model's name, such as `yolo11n-seg.pt`. */
function getModelTask(model: string): string {
  const name = getFileName(model);
  const suffix = Object.entries(modelSuffixes).find(
    ([, suffix]) => suffix !== "" && new RegExp(`${suffix}(?:[-.\\d]|$)`).test(name),
  );
  return suffix?.[0] ?? "detect";
}
