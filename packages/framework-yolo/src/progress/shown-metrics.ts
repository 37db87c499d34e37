import type { MetricColumn, ShownMetrics } from "@unitrain/core/spec";
import type { Task } from "../options/tasks.ts";

/** Of all tasks and model families, in the order in which Ultralytics prints them. A training has some of them. */
const losses = ["giou", "box", "pose", "kobj", "rle", "seg", "cls", "l1", "dfl", "sem", "angle"];

/** What Ultralytics calls the metrics of masks and of key points. */
const suffixes: Readonly<Partial<Record<Task, string>>> = { segment: "(M)", pose: "(P)" };

/** The columns of a training's epochs. mAP50-95 decides, and top-1 accuracy where images are classified. */
export function listShownMetrics(task: Task): ShownMetrics {
  if (task === "classify") {
    return {
      columns: [{ key: "loss", label: "loss", role: "loss" }, score("accuracy_top1"), score("accuracy_top5")],
      deciding: { key: "accuracy_top1", better: "higher" },
    };
  }
  const suffix = suffixes[task];
  const parts = suffix === undefined ? [""] : ["", suffix];
  return {
    columns: [
      ...losses.map((name): MetricColumn => ({ key: `${name}_loss`, label: name, role: "loss" })),
      ...parts.flatMap((part) => [
        detail(`precision${part}`, `P${part}`),
        detail(`recall${part}`, `R${part}`),
      ]),
      ...parts.map((part) => score(`mAP50${part}`)),
      ...parts.map((part) => score(`mAP50-95${part}`)),
    ],
    deciding: { key: "mAP50-95", better: "higher" },
  };
}

const score = (key: string): MetricColumn => ({ key, label: key, role: "score", format: "share" });

const detail = (key: string, label: string): MetricColumn => ({
  key,
  label,
  role: "detail",
  format: "share",
});
