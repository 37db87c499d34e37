import { UnitrainError } from "@unitrain/core/spec";
import { bareName } from "./model-name.ts";

/** What YOLO is to learn. Ultralytics' own words; those that are not here yet are refused by name. */
export type Task = "detect";

const known = ["detect", "segment", "semantic", "depth", "classify", "pose", "obb"];

const suffixes: Readonly<Record<string, string>> = {
  seg: "segment",
  sem: "semantic",
  depth: "depth",
  cls: "classify",
  pose: "pose",
  obb: "obb",
};

/** The task that was named, else the one that the model's name tells. Throws `INVALID_OPTIONS` for one that is not there. */
export function taskOf(task: unknown, model: unknown): Task {
  const wanted = task ?? (typeof model === "string" ? taskOfModel(model) : "detect");
  if (wanted === "detect") return "detect";
  if (typeof wanted !== "string" || !known.includes(wanted)) {
    throw new UnitrainError("INVALID_OPTIONS", `task ${JSON.stringify(wanted)} is none of YOLO's.`, {
      hint: `Tasks are ${known.join(", ")}; unitrain trains detect so far.`,
    });
  }
  const why = task === undefined ? ` (${String(model)} is a model for it)` : "";
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `The task ${wanted} cannot be trained yet${why}: only detect can.`,
    {
      hint: "Train a detection model such as yolo11n.pt.",
    },
  );
}

/** Official names carry it: `yolo11n-seg.pt`. */
function taskOfModel(model: string): string {
  const suffix = /-(seg|sem|depth|cls|pose|obb)(?:[-.\d]|$)/.exec(bareName(model))?.[1];
  return (suffix === undefined ? undefined : suffixes[suffix]) ?? "detect";
}
