import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { type DataSource, formatCount, UnitrainError } from "@unitrain/core/spec";
import { type DatasetYaml, readDatasetYaml } from "./dataset-yaml.ts";
import { type Findings, formatPath } from "./findings.ts";
import { refuseOtherFormat } from "./formats/refuse-format.ts";
import { isImageName } from "./image-names.ts";

/** Limits for the search below the named folder. */
const maxDepth = 3;
const maxFolders = 500;

/** Returns the absolute path of a dataset's yaml. Throws `INVALID_DATASET` when there is none. */
export async function findYaml(source: DataSource, findings: Findings): Promise<string> {
  const path = resolve(getLocalPath(source));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw createDatasetError(`${formatPath(path)} does not exist.`, "Name the folder that holds data.yaml.");
  if (found.isFile()) {
    if (isYaml(path)) return path;
    refuseOtherFormat(path);
    throw createDatasetError(
      `${formatPath(path)} is not a dataset that unitrain knows.`,
      "Name the folder that holds data.yaml, or that file.",
    );
  }
  if (!found.isDirectory())
    throw createDatasetError(`${formatPath(path)} is neither a folder nor a yaml file.`);
  return (await findYamlInFolder(path)) ?? (await findYamlNearby(path, findings));
}

export function getLocalPath(source: DataSource): string {
  switch (source.kind) {
    case "local":
      return source.path;
    case "machine":
      throw createUnsupportedError(`Data on the machine (${source.path}) is not supported yet.`);
    case "url":
      throw createDatasetError(
        `${source.url} is a URL, but unitrain cannot download datasets yet.`,
        "Download it to this computer, then name its file or folder.",
      );
    case "named":
      throw createUnsupportedError(
        `${source.name} is a dataset that Ultralytics downloads, which is not supported yet.`,
      );
    case "none":
      throw createDatasetError(
        "YOLO cannot train without a dataset.",
        "Name the folder that holds data.yaml.",
      );
  }
}

/** Returns the yaml in the folder itself. Throws when several of them describe a dataset. */
async function findYamlInFolder(folder: string): Promise<string | undefined> {
  const names = listYamlNames(folder);
  const usual = ["data.yaml", "data.yml", "dataset.yaml", "dataset.yml"];
  // Of several, Ultralytics uses the one that is named like the folder.
  const alike = [`${basename(folder)}.yaml`, `${basename(folder)}.yml`];
  const name = [...usual, ...alike].find((wanted) => names.includes(wanted));
  if (name !== undefined) return join(folder, name);
  return pickOnly(await findDatasetsIn(folder, names), folder);
}

/**
 * Returns the only dataset below the folder, or the one in the parent folder whose images are here. Throws when there
 * is none.
 */
async function findYamlNearby(folder: string, findings: Findings): Promise<string> {
  const below = pickOnly(await findDatasetsBelow(folder), folder);
  const parent = dirname(folder);
  const above = (await findDatasetsIn(parent, listYamlNames(parent))).filter(({ sources }) =>
    sources.some((source) => `${join(parent, source)}${sep}`.startsWith(folder + sep)),
  );
  const found = below ?? (above.length === 1 ? above[0]?.file : undefined);
  if (found === undefined) {
    refuseOtherFormat(folder);
    throw createDatasetError(`${formatPath(folder)} has no data.yaml.`, suggestDataset(folder, above));
  }
  const message = `${formatPath(folder)} has no data.yaml; this file is used instead.`;
  findings.warning("where the dataset is", found, message);
  return found;
}

function pickOnly(candidates: readonly DatasetYaml[], folder: string): string | undefined {
  const [only, ...others] = candidates;
  if (only === undefined || others.length === 0) return only?.file;
  throw createDatasetError(
    `${formatPath(folder)} holds ${candidates.length} datasets.`,
    `Name the one to train on: ${formatDatasets(candidates)}`,
  );
}

const formatDatasets = (candidates: readonly DatasetYaml[]): string =>
  candidates
    .slice(0, 10)
    .map(({ file, classes }) => {
      const count = classes === undefined ? "" : ` (${formatCount(classes, "class", "classes")})`;
      return `${formatPath(file)}${count}`;
    })
    .join(", ");

/** Searches the levels below a folder. Skips hidden folders, and those of images and labels, which may be huge. */
async function findDatasetsBelow(folder: string): Promise<readonly DatasetYaml[]> {
  const found: DatasetYaml[] = [];
  let level = listFolders(folder);
  for (let depth = 1; depth <= maxDepth; depth++) {
    const next: string[] = [];
    for (const inner of level.slice(0, maxFolders)) {
      const datasets = await findDatasetsIn(inner, listYamlNames(inner));
      if (datasets.length > 0) for (const dataset of datasets) found.push(dataset);
      else for (const deeper of listFolders(inner)) next.push(deeper);
    }
    level = next;
  }
  return found;
}

async function findDatasetsIn(folder: string, names: readonly string[]): Promise<readonly DatasetYaml[]> {
  const found: DatasetYaml[] = [];
  for (const name of names) {
    const yaml = await readDatasetYaml(join(folder, name));
    if (yaml !== undefined) found.push(yaml);
  }
  return found;
}

function listFolders(folder: string): readonly string[] {
  return listEntries(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !skippedFolders.has(entry.name))
    .map(({ name }) => join(folder, name));
}

const skippedFolders = new Set(["images", "labels", "node_modules", "runs", "__MACOSX", "venv"]);

const listYamlNames = (folder: string): readonly string[] =>
  listEntries(folder)
    .filter(({ name }) => isYaml(name) && !name.startsWith("."))
    .map(({ name }) => name)
    .sort();

function listEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Unreadable folders are skipped.
    return [];
  }
}

/** Returns a hint for a folder without a yaml, which may be a classification dataset or contain a zip. */
function suggestDataset(folder: string, above: readonly DatasetYaml[]): string {
  if (above.length > 0) return `Name the one to train on: ${formatDatasets(above)}`;
  const inTrain = listEntries(join(folder, "train"));
  const hasClasses = inTrain.some((entry) => entry.isDirectory());
  if (hasClasses && !inTrain.some(({ name }) => ["images", "labels"].includes(name) || isImageName(name)))
    return "To classify images by folder, choose a classification model such as yolo11n-cls.pt (task=classify).";
  const [zip] = [folder, ...listFolders(folder)].flatMap((inner) =>
    listEntries(inner)
      .filter(({ name }) => /\.zip$/i.test(name))
      .map(({ name }) => join(inner, name)),
  );
  if (zip !== undefined) return `Name the zip in it: ${formatPath(zip)}`;
  const hasLabels = listEntries(folder).some((entry) => entry.isDirectory() && entry.name === "labels");
  if (hasLabels)
    return "It has labels for YOLO, but no names of the classes: add a data.yaml with train, val and names.";
  return "Name the folder that contains it. It defines where the images are and the names of the classes.";
}

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);

const createUnsupportedError = (message: string) =>
  createDatasetError(message, "Copy the dataset to this computer and name its folder.");

export const createDatasetError = (message: string, hint?: string, cause?: unknown): UnitrainError =>
  new UnitrainError("INVALID_DATASET", message, { hint, cause });
