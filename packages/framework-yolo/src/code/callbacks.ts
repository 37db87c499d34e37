import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type ManifestEntry, UnitrainError } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { findNearest } from "../options/suggest.ts";
import { isBefore } from "../options/version.ts";
import { codeFolder } from "./code-folder.ts";
import { readPythonNames } from "./python-source.ts";

/** Callbacks that Ultralytics calls during training, in every supported version. */
const calledNames = [
  ...["on_pretrain_routine_start", "on_pretrain_routine_end", "on_train_start", "on_train_epoch_start"],
  ...[
    "on_train_batch_start",
    "on_train_batch_end",
    "on_train_epoch_end",
    "on_fit_epoch_end",
    "on_model_save",
  ],
  ...["on_train_end", "on_val_start", "on_val_batch_start", "on_val_batch_end", "on_val_end", "teardown"],
];

/** Callbacks that Ultralytics knows but never calls during training. */
const uncalledNames = [
  ...[
    "optimizer_step",
    "on_before_zero_grad",
    "on_params_update",
    "on_predict_start",
    "on_predict_batch_start",
  ],
  ...[
    "on_predict_batch_end",
    "on_predict_postprocess_end",
    "on_predict_end",
    "on_export_start",
    "on_export_end",
  ],
];

const augmentations = "build_augmentations";
/** Older versions of Ultralytics do not support custom augmentations. */
const firstVersionWithAugmentations = "8.4.0";

/**
 * Returns the manifest entry for the callbacks file, under a module name that every process imports. Throws
 * `INVALID_OPTIONS` for a file that does not exist or defines no callback.
 */
export function createCallbacksEntry(file: string, options: CheckedOptions): ManifestEntry {
  const path = resolve(file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    throw createError(
      `callbacks=${file} is not a file (looked for ${path}).`,
      "Name the file with your callbacks.",
    );
  }
  const bytes = readFileSync(path);
  const { functions, variables } = readPythonNames(bytes.toString());
  for (const name of functions) checkName(file, name);
  const used = [...functions, ...variables].filter(
    (name) => calledNames.includes(name) || name === augmentations,
  );
  if (used.length === 0) {
    throw createError(
      `callbacks=${file} defines no callback: Ultralytics would call none of its functions.`,
      `Define functions of these names: ${calledNames.join(", ")}; or ${augmentations}().`,
    );
  }
  if (used.includes(augmentations)) checkAugmentations(file, options);
  return { path: `${codeFolder}/unitrain_callbacks.py`, from: { file: path }, sizeBytes: bytes.byteLength };
}

function checkName(file: string, name: string): void {
  if (calledNames.includes(name) || name === augmentations) return;
  if (uncalledNames.includes(name)) {
    throw createError(
      `callbacks=${file}: Ultralytics does not call ${name} in a training.`,
      "Use on_train_batch_end or on_train_epoch_end, or remove it.",
    );
  }
  const near = findNearest(name, [...calledNames, augmentations]);
  if (!name.startsWith("on_") && near === undefined) return;
  throw createError(
    `callbacks=${file}: Ultralytics has no callback ${name}.`,
    near === undefined
      ? `Its callbacks are: ${calledNames.join(", ")}.`
      : `Did you mean ${near}? If it is a helper, rename it.`,
  );
}

function checkAugmentations(file: string, { pip, task, version }: CheckedOptions): void {
  if (task === "classify") {
    throw createError(
      `callbacks=${file}: Ultralytics does not use ${augmentations} for classification.`,
      "Set its own with auto_augment= and erasing=, or add the transforms in a trainer of your own (`trainer`).",
    );
  }
  if (version !== "latest" && isBefore(version, firstVersionWithAugmentations)) {
    throw createError(
      `callbacks=${file}: ${augmentations} needs Ultralytics ${firstVersionWithAugmentations} or newer, not ${version}.`,
      "Name a newer one with `version`, or add the transforms in a trainer of your own (`trainer`).",
    );
  }
  if (!pip.some((name) => /albumentations/i.test(name))) {
    throw createError(
      `callbacks=${file}: ${augmentations} needs the package albumentations, which Ultralytics does not bring along.`,
      "Install it for this training: --pip albumentations (option `pip`).",
    );
  }
}

const createError = (message: string, hint: string) =>
  new UnitrainError("INVALID_OPTIONS", message, { hint });
