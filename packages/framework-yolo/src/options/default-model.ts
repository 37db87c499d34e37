import type { Task } from "./task.ts";
import { isBefore } from "./version.ts";

const suffixes: Readonly<Record<Task, string>> = {
  detect: "",
  segment: "-seg",
  pose: "-pose",
  obb: "-obb",
  classify: "-cls",
};

/** The smallest pretrained model for a task. YOLO11 came with Ultralytics 8.3. */
export function defaultModel(task: Task, version: string): string {
  return `${isBefore(version, "8.3.0") ? "yolov8n" : "yolo11n"}${suffixes[task]}.pt`;
}
