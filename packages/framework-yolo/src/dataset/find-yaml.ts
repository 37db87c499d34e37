import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type DataSource, UnitrainError } from "@unitrain/core/spec";
import { shownPath } from "./findings.ts";
import { isImageName } from "./image-names.ts";

/** The yaml of a dataset on this computer, absolute. Throws `INVALID_DATASET` when there is none. */
export function findYaml(source: DataSource): string {
  const path = resolve(localPath(source));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw invalid(`${shownPath(path)} does not exist.`, "Name the folder that holds data.yaml.");
  if (found.isFile()) {
    if (isYaml(path)) return path;
    const packed = /\.(?:zip|tar|tgz|gz|bz2|xz|7z|rar)$/i.test(path);
    throw invalid(
      `${shownPath(path)} is no dataset${packed ? ", but an archive of one" : ""}.`,
      packed ? "Unpack it and name its folder." : "Name the folder that holds data.yaml, or that file.",
    );
  }
  if (!found.isDirectory()) throw invalid(`${shownPath(path)} is neither a folder nor a yaml file.`);
  return yamlWithin(path);
}

export function localPath(source: DataSource): string {
  switch (source.kind) {
    case "local":
      return source.path;
    case "machine":
      throw notHere(`Data that lies on the machine (${source.path}) is not taken yet.`);
    case "url":
      throw notHere(`Data from an address (${source.url}) is not taken yet.`);
    case "named":
      throw notHere(
        `${source.name} is a set that Ultralytics would have to fetch on the machine; that is not taken yet.`,
      );
    case "none":
      throw invalid("YOLO cannot train without a dataset.", "Name the folder that holds data.yaml.");
  }
}

function yamlWithin(folder: string): string {
  const names = yamlNames(folder);
  const usual = ["data.yaml", "data.yml", "dataset.yaml", "dataset.yml"];
  // Ultralytics' own rule for several: the one that is called like the folder.
  const alike = [`${basename(folder)}.yaml`, `${basename(folder)}.yml`];
  const name = [...usual, ...alike].find((wanted) => names.includes(wanted));
  if (name !== undefined) return join(folder, name);
  const [only, ...others] = names;
  if (only === undefined) throw invalid(`${shownPath(folder)} has no data.yaml.`, whereElse(folder));
  if (others.length > 0) {
    throw invalid(
      `${shownPath(folder)} has no data.yaml, but ${names.join(", ")}.`,
      `Name the one that is meant: ${shownPath(join(folder, only))}`,
    );
  }
  return join(folder, only);
}

const yamlNames = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => isYaml(name) && !name.startsWith("."))
    .sort();

/** An archive is often unpacked one folder too deep; a folder without a yaml may be one for classification. */
function whereElse(folder: string): string {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const below = folders.flatMap(({ name }) =>
    yamlNames(join(folder, name)).map((yaml) => join(folder, name, yaml)),
  );
  if (below.length > 0) return `Name the one that lies below: ${below.map(shownPath).join(" or ")}`;
  const within = join(folder, "train");
  const isSplit = folders.some(({ name }) => name === "train");
  if (
    isSplit &&
    !readdirSync(within).some((name) => ["images", "labels"].includes(name) || isImageName(name))
  ) {
    return "To classify pictures by folder, choose a classification model such as yolo11n-cls.pt (task=classify).";
  }
  return "Name the folder that holds it. It says where the images are and what the classes are called.";
}

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);

const notHere = (message: string) =>
  invalid(message, "Bring the dataset to this computer and name its folder.");

export const invalid = (message: string, hint?: string, cause?: unknown): UnitrainError =>
  new UnitrainError("INVALID_DATASET", message, { hint, cause });
