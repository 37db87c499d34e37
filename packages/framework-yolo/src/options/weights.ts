import { statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { type ManifestEntry, UnitrainError } from "@unitrain/core/spec";
import { getFileName, isOfficialName, isPredictOnly } from "./model-name.ts";
import type { CheckedOptions } from "./options.ts";
import { refuseOtherTask } from "./task.ts";

/**
 * Arguments that may name a file of weights or of a model's structure. On the machine each has a separate folder, so
 * that equal file names do not collide.
 */
export const weightArguments = ["model", "pretrained", "distill_model"] as const;

/** Returns the weights or structures named by the arguments, keyed by argument. */
export function getNamedWeights(options: CheckedOptions): Readonly<Record<string, string>> {
  const weights: Record<string, string> = {};
  for (const key of weightArguments) {
    const value = key === "model" ? options.model : options.arguments[key];
    if (typeof value === "string") weights[key] = value;
  }
  return weights;
}

/**
 * Lists weights on this computer, to be uploaded with the data; official weights are downloaded by the machine. Throws
 * `INVALID_OPTIONS` for a file that does not exist or is not a complete model.
 */
export async function listWeightsToShip(options: CheckedOptions): Promise<readonly ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for (const [key, name] of Object.entries(getNamedWeights(options))) {
    refuseUntrainable(key, name);
    const sizeBytes = getFileSize(name);
    if (sizeBytes === undefined) {
      refuseMissing(key, name);
      continue;
    }
    await refuseUnfitFile(key, name, options);
    entries.push({ path: getShippedPath(key, name), from: { file: resolve(name) }, sizeBytes });
  }
  return entries;
}

/**
 * Returns the path of such a file on the machine, below the dataset's folder. Replaces characters that Ultralytics
 * drops from paths of weights.
 */
export function getShippedPath(argument: string, name: string): string {
  return `${argument}/${getFileName(name).replace(/['"[\]*?\s]/g, "_")}`;
}

function refuseUntrainable(key: string, name: string): void {
  if (isPredictOnly(getFileName(name))) throw createFileError(key, name, "cannot be trained by Ultralytics");
  const extension = extname(getFileName(name)).toLowerCase();
  if (extension === "" || [".pt", ".yaml", ".yml"].includes(extension)) return;
  // `yolov8.1` has a dot but no suffix.
  if (/^\.\d/.test(extension)) return;
  throw createFileError(key, name, "is neither weights (.pt) nor the structure of a model (.yaml)");
}

/** Checks a file of weights. Its parsers are imported here, because most trainings start from official weights. */
async function refuseUnfitFile(key: string, name: string, options: CheckedOptions): Promise<void> {
  if (/\.pt$/i.test(name)) {
    const { isCompleteModel } = await import("../artifacts/is-complete.ts");
    if (!(await isCompleteModel(resolve(name))))
      throw createFileError(
        key,
        name,
        "is not a complete model: it is empty, truncated or another kind of file",
      );
    const { refuseMissingCode } = await import("./model-code.ts");
    await refuseMissingCode(key, name, options);
  }
  if (key !== "model") return;
  const { readModelTask } = await import("./model-task.ts");
  refuseOtherTask(name, await readModelTask(resolve(name)), options.task);
}

function getFileSize(name: string): number | undefined {
  const found = statSync(name, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : undefined;
}

function refuseMissing(key: string, name: string): void {
  if (/^https?:\/\//i.test(name)) return;
  if (name === getFileName(name) && isOfficialName(name)) return;
  throw createFileError(key, name, `does not exist (looked for ${resolve(name)})`);
}

const createFileError = (key: string, name: string, expectedKind: string) =>
  new UnitrainError("INVALID_OPTIONS", `${key}=${name} ${expectedKind}.`, {
    hint: "Name a .pt or .yaml file of this computer, or one of Ultralytics' own such as yolo11n.pt or yolo11n.yaml.",
  });
