import { modelSuffixes, type Task } from "./tasks.ts";
import { isBefore } from "./version.ts";

/** Returns the smallest pretrained model for a task. YOLO11 requires Ultralytics 8.3. */
export function getDefaultModel(task: Task, version: string): string {
  return `${isBefore(version, "8.3.0") ? "yolov8n" : "yolo11n"}${modelSuffixes[task]}.pt`;
}
