import { basename, dirname } from "node:path";
import type { DatasetLocation } from "@unitrain/core/spec";
import type { Task } from "../options/tasks.ts";

/** Validates the model and shows it some images, with an Ultralytics on this computer. */
export function nextCommands(
  task: Task,
  { model, dataset }: { readonly model: string; readonly dataset?: DatasetLocation },
): readonly string[] {
  if (dataset === undefined) return [];
  const { path, samples } = dataset;
  // Ultralytics takes quotes and brackets out of the path of a model: from its own folder it needs none.
  const isOdd = process.platform !== "win32" && /['"[\]*?]/.test(model);
  const begin = isOdd ? `cd ${shellWord(dirname(model))} && ` : "";
  const named = isOdd ? basename(model) : model;
  const command = (mode: string, argument: string) =>
    begin + ["yolo", task, mode, `model=${named}`, argument].map((word) => shellWord(word)).join(" ");
  return [
    command("val", `data=${path}`),
    ...(samples === undefined ? [] : [command("predict", `source=${samples}`)]),
  ];
}

/** One word of the shell that people have: a POSIX one, PowerShell on Windows. */
export function shellWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === "win32") {
    return /^[\w./:=\\+-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
  }
  return /^[\w./:=,@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
