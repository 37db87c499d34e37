import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { JobDescription } from "@unitrain/core/spec";
import { getSizeLetter } from "./model-name.ts";
import type { CheckedOptions } from "./options.ts";
import { isBefore } from "./version.ts";

/** Size of a trained model without its optimizer, by the letter of its size. All families are about alike. */
const modelBytes: Readonly<Record<string, number>> = {
  n: 7e6,
  t: 8e6,
  s: 23e6,
  m: 55e6,
  c: 60e6,
  b: 60e6,
  l: 90e6,
  e: 120e6,
  x: 140e6,
};

/** Checkpoints during training include the optimizer and are this many times as large. */
const checkpointFactor = 4;
const defaultEpochs = 100;
const chartBytes = 20e6;

/** Describes where the results are stored, following Ultralytics' conventions, and estimates their size. */
export function describeResults(
  options: Pick<CheckedOptions, "task" | "version" | "model" | "arguments" | "overwrites">,
): Omit<JobDescription, "job"> {
  const { name } = options.arguments;
  return {
    folder: getResultFolder(options),
    ...(typeof name === "string" ? { name } : {}),
    overwrites: options.overwrites,
    resultBytes: estimateResultBytes(options),
  };
}

/**
 * Returns the folder for results. A relative `project=` is placed below `runs/<task>` since 8.4.6, and since 8.3.249
 * when it has several parts.
 */
function getResultFolder({
  task,
  version,
  arguments: { project },
}: Pick<CheckedOptions, "task" | "version" | "arguments">) {
  const defaultFolder = `runs/${task}`;
  if (typeof project !== "string") return defaultFolder;
  if (project.startsWith("~/")) return join(homedir(), project.slice(2));
  const hasSeveralParts = /[\\/]/.test(project.replace(/^\.[\\/]/, ""));
  const isTopLevel = isBefore(version, "8.3.249") || (isBefore(version, "8.4.6") && !hasSeveralParts);
  return isAbsolute(project) || isTopLevel ? project : join(defaultFolder, project);
}

function estimateResultBytes({
  model,
  arguments: trainArguments,
}: Pick<CheckedOptions, "model" | "arguments">): number {
  const each = modelBytes[getSizeLetter(model) ?? "m"] ?? 55e6;
  const { epochs = defaultEpochs, save_period: period = -1 } = trainArguments;
  const kept = Number(period) > 0 ? Math.floor(Number(epochs) / Number(period)) : 0;
  return 2 * each + kept * checkpointFactor * each + chartBytes;
}
