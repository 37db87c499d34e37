import { basename, dirname } from "node:path";
import type { DatasetLocation } from "@unitrain/core/spec";
import type { Task } from "../options/tasks.ts";

/** Suggests commands that validate the model and predict on some images with an Ultralytics on this computer. */
export function suggestNextCommands(
  task: Task,
  { model, dataset }: { readonly model: string; readonly dataset?: DatasetLocation },
): readonly string[] {
  if (dataset === undefined) return [];
  const { path, samples } = dataset;
  // Ultralytics removes quotes and brackets from a model's path; with the model's folder as working folder none is
  // needed.
  const needsFolder = process.platform !== "win32" && /['"[\]*?]/.test(model);
  const prefix = needsFolder ? `cd ${quoteWord(dirname(model))} && ` : "";
  const modelPath = needsFolder ? basename(model) : model;
  const formatCommand = (mode: string, argument: string) =>
    prefix + ["yolo", task, mode, `model=${modelPath}`, argument].map((word) => quoteWord(word)).join(" ");
  return [
    formatCommand("val", `data=${path}`),
    ...(samples === undefined ? [] : [formatCommand("predict", `source=${samples}`)]),
  ];
}

/** Quotes a word for the user's shell: PowerShell on Windows, a POSIX shell elsewhere. */
export function quoteWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === "win32") {
    return /^[\w./:=\\+-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
  }
  return /^[\w./:=,@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
