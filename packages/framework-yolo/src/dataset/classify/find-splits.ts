import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { DataSource } from "@unitrain/core/spec";
import { tasks } from "../../options/tasks.ts";
import { createDatasetError, getLocalPath } from "../find-yaml.ts";
import { type Findings, formatPath } from "../findings.ts";
import { isImageName } from "../image-names.ts";
import type { SplitName } from "../splits.ts";
import type { Yielder } from "../yielder.ts";
import { type ClassSplit, readClasses } from "./class-images.ts";
import { splitClasses } from "./split-classes.ts";

/** Finds the splits of a classification folder and lists their images. Throws `INVALID_DATASET` for other folders. */
export async function findClassSplits(
  source: DataSource,
  withTest: boolean,
  findings: Findings,
  yielder: Yielder,
): Promise<{ readonly folder: string; readonly splits: readonly ClassSplit[] }> {
  const folder = requireFolder(source);
  const names = listFolders(folder);
  refuseLabeledDataset(folder, names);
  if (!names.includes("train")) {
    refuseMissingTrain(folder, names);
    refuseOuterFolder(folder, names);
    return { folder, splits: splitClasses(folder, await readClasses(folder, findings, yielder), findings) };
  }
  const wanted: readonly (readonly [SplitName, string])[] = [
    ["train", "train"],
    ["val", findValidationFolder(folder, names, findings)],
    ...(withTest && names.includes("test") ? [["test", "test"] as const] : []),
  ];
  const splits: ClassSplit[] = [];
  for (const [name, folderName] of wanted) {
    const path = join(folder, folderName);
    refuseOuterFolder(path, listFolders(path));
    splits.push({ name, folder: path, classes: await readClasses(path, findings, yielder) });
  }
  return { folder, splits };
}

function requireFolder(source: DataSource): string {
  const path = resolve(getLocalPath(source));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return path;
  const problem = found === undefined ? "does not exist" : "is not a folder";
  throw createDatasetError(
    `${formatPath(path)} ${problem}.`,
    "To classify, name the folder that holds train and val, with a folder of images for each class in both.",
  );
}

/** Returns the name of the validation folder, searched in Ultralytics' order; it falls back to the test images. */
function findValidationFolder(folder: string, names: readonly string[], findings: Findings): string {
  const found = ["val", "validation", "valid", "test"].find((name) => names.includes(name));
  if (found === undefined) {
    const message = `${formatPath(folder)} has a train folder and no val folder.`;
    throw createDatasetError(
      message,
      "Move some images of each class into a val folder. They are not used for training.",
    );
  }
  if (found === "test") {
    findings.warning("splits", join(folder, "test"), "There is no val folder: test is used for validation.");
  }
  return found;
}

/** Rejects a folder with some splits but without train, because the splits would be read as classes. */
function refuseMissingTrain(folder: string, names: readonly string[]): void {
  const splitFolder = names.find((name) =>
    /^(?:train(?:ing)?|val(?:id(?:ation)?)?|test(?:ing)?)$/i.test(name),
  );
  if (splitFolder === undefined) return;
  const message = `${formatPath(folder)} has a folder ${splitFolder} and no train folder.`;
  throw createDatasetError(
    message,
    "Call the folders train and val, with a folder of images for each class in both.",
  );
}

/**
 * Rejects a folder whose only subfolder holds the splits or classes, as after unpacking one level too deep. The
 * subfolder would be the only class.
 */
function refuseOuterFolder(folder: string, names: readonly string[]): void {
  const visible = names.filter((name) => !name.startsWith(".") && name !== "__MACOSX");
  const [only, ...others] = visible;
  if (only === undefined || others.length > 0) return;
  const inner = join(folder, only);
  const innerFolders = listFolders(inner).filter((name) => !name.startsWith("."));
  if (innerFolders.length < 2 || readdirSync(inner).some(isImageName)) return;
  const isSplit = innerFolders.includes("train");
  if (!isSplit && !innerFolders.some((name) => readdirSync(join(inner, name)).some(isImageName))) return;
  const layout = isSplit ? "train and val lie" : "the classes lie";
  throw createDatasetError(
    `${formatPath(folder)} has only the folder ${only}: ${layout} one level deeper.`,
    isSplit || basename(folder) !== "train"
      ? `Name ${formatPath(inner)} instead.`
      : `Move the folders of ${formatPath(inner)} into ${formatPath(folder)}.`,
  );
}

function refuseLabeledDataset(folder: string, names: readonly string[]): void {
  const innerFolders = names.includes("train") ? listFolders(join(folder, "train")) : names;
  if (!innerFolders.includes("images") || !innerFolders.includes("labels")) return;
  const message = `${formatPath(folder)} is a set of images with labels and not one of folders by class.`;
  throw createDatasetError(
    message,
    `Choose a model for ${tasks.filter((task) => task !== "classify").join(", ")}, or name another folder.`,
  );
}

function listFolders(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory(),
  );
}
