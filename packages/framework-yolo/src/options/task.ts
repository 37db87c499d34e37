import { UnitrainError } from "@unitrain/core/spec";
import { getFileName, isOfficialName } from "./model-name.ts";
import { isTaskName, modelSuffixes, type Task, tasks } from "./tasks.ts";

const trainableTasks: readonly string[] = tasks;

/** The task that was named, else the one that the model's name tells, else detect. Throws `INVALID_OPTIONS` for one that is not there. */
export function chooseTask(task: unknown, model: unknown): Task {
  const wanted = task ?? (typeof model === "string" ? getModelTask(model) : "detect");
  if (isTrainable(wanted)) {
    if (typeof model === "string" && isOfficialName(getFileName(model)))
      refuseOtherTask(model, getModelTask(model), wanted);
    return wanted;
  }
  if (!isTaskName(wanted)) {
    throw new UnitrainError("INVALID_OPTIONS", `task ${JSON.stringify(wanted)} is none of YOLO's.`, {
      hint: `Tasks are ${trainableTasks.join(", ")}.`,
    });
  }
  const reason = task === undefined ? ` (${String(model)} is a model for it)` : "";
  throw new UnitrainError("INVALID_OPTIONS", `The task ${wanted} cannot be trained with unitrain${reason}.`, {
    hint: `Tasks are ${trainableTasks.join(", ")}.`,
  });
}

/** Ultralytics heeds the model and not the task that was named: it would train something else than was meant. */
export function refuseOtherTask(model: string, modelTask: string | undefined, task: Task): void {
  if (modelTask === undefined || modelTask === task) return;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `${getFileName(model)} is a model for ${modelTask}, but the task is ${task}.`,
    {
      hint: isTrainable(modelTask)
        ? `Say task=${modelTask}, or name a model for ${task}.`
        : `Name a model for one of ${trainableTasks.join(", ")}.`,
    },
  );
}

const isTrainable = (task: unknown): task is Task =>
  typeof task === "string" && trainableTasks.includes(task);

/** Official names carry it: `yolo11n-seg.pt`. */
function getModelTask(model: string): string {
  const name = getFileName(model);
  const named = Object.entries(modelSuffixes).find(
    ([, suffix]) => suffix !== "" && new RegExp(`${suffix}(?:[-.\\d]|$)`).test(name),
  );
  return named?.[0] ?? "detect";
}
