import { UnitrainError } from "@unitrain/core/spec";
import { bareName, isOfficialName } from "./model-name.ts";

/** What YOLO is to learn, in Ultralytics' own words; those that are not here are refused by name. */
export type Task = "detect" | "segment" | "pose" | "obb" | "classify";

export const tasks = ["detect", "segment", "pose", "obb", "classify"] as const satisfies readonly Task[];

const trained: readonly string[] = tasks;
const allTasks = [...trained, "semantic", "depth"];

const suffixes: Readonly<Record<string, string>> = {
  seg: "segment",
  sem: "semantic",
  depth: "depth",
  cls: "classify",
  pose: "pose",
  obb: "obb",
};

/** The task that was named, else the one that the model's name tells, else detect. Throws `INVALID_OPTIONS` for one that is not there. */
export function taskOf(task: unknown, model: unknown): Task {
  const wanted = task ?? (typeof model === "string" ? taskOfModel(model) : "detect");
  if (isTrained(wanted)) {
    if (typeof model === "string" && isOfficialName(bareName(model)))
      refuseOtherTask(model, taskOfModel(model), wanted);
    return wanted;
  }
  if (typeof wanted !== "string" || !allTasks.includes(wanted)) {
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
  const suffix = /-(seg|sem|depth|cls|pose|obb)(?:[-.\d]|$)/.exec(bareName(model))?.[1];
  return (suffix === undefined ? undefined : suffixes[suffix]) ?? "detect";
}
