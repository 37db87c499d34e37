import { UnitrainError } from "@unitrain/core/spec";
import { bareName, isOfficialName } from "./model-name.ts";
import { isTaskName, modelSuffixes, type Task, tasks } from "./tasks.ts";

const trained: readonly string[] = tasks;

/** The task that was named, else the one that the model's name tells, else detect. Throws `INVALID_OPTIONS` for one that is not there. */
export function taskOf(task: unknown, model: unknown): Task {
  const wanted = task ?? (typeof model === "string" ? taskOfModel(model) : "detect");
  if (isTrained(wanted)) {
    if (typeof model === "string" && isOfficialName(bareName(model)))
      refuseOtherTask(model, taskOfModel(model), wanted);
    return wanted;
  }
  if (!isTaskName(wanted)) {
    throw new UnitrainError("INVALID_OPTIONS", `task ${JSON.stringify(wanted)} is none of YOLO's.`, {
      hint: `Tasks are ${trained.join(", ")}.`,
    });
  }
  const reason = task === undefined ? ` (${String(model)} is a model for it)` : "";
  throw new UnitrainError("INVALID_OPTIONS", `The task ${wanted} cannot be trained with unitrain${reason}.`, {
    hint: `Tasks are ${trained.join(", ")}.`,
  });
}

/** Ultralytics heeds the model and not the task that was named: it would train something else than was meant. */
export function refuseOtherTask(model: string, modelTask: string | undefined, task: Task): void {
  if (modelTask === undefined || modelTask === task) return;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `${bareName(model)} is a model for ${modelTask}, but the task is ${task}.`,
    {
      hint: isTrained(modelTask)
        ? `Say task=${modelTask}, or name a model for ${task}.`
        : `Name a model for one of ${trained.join(", ")}.`,
    },
  );
}

const isTrained = (task: unknown): task is Task => typeof task === "string" && trained.includes(task);

/** Official names carry it: `yolo11n-seg.pt`. */
function taskOfModel(model: string): string {
  const name = bareName(model);
  const named = Object.entries(modelSuffixes).find(
    ([, suffix]) => suffix !== "" && new RegExp(`${suffix}(?:[-.\\d]|$)`).test(name),
  );
  return named?.[0] ?? "detect";
}
