import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readAnyYaml } from "../dataset/any-yaml.ts";
import { readClassNames } from "../dataset/class-names.ts";
import { Findings } from "../dataset/findings.ts";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import { parseYaml } from "../dataset/yaml-text.ts";
import { type Converted, guessSplit } from "./converted.ts";
import { readWithLabels } from "./labeled-folder.ts";

/** Returns the data.yaml of a folder if it names training images but no validation images, as in CVAT's exports. */
export function findUnsplitYaml(folder: string): string | undefined {
  const file = ["data.yaml", "data.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const { document, error } = parseYaml(readFileSync(file));
  const values: unknown = error === undefined ? document.toJS() : undefined;
  if (typeof values !== "object" || values === null) return undefined;
  const keys = Object.entries(values).flatMap(([key, value]) => (value == null ? [] : [key.toLowerCase()]));
  const hasVal = keys.some((key) => ["val", "valid", "validation"].includes(key));
  return keys.includes("train") && !hasVal && (keys.includes("names") || keys.includes("nc"))
    ? file
    : undefined;
}

/** Reads a dataset in YOLO's format whose images have to be split. */
export function readUnsplit({ root, files }: DatasetFormat): Converted {
  const [file = join(root, "data.yaml")] = files;
  const names = readClassNames(readAnyYaml(file, readFileSync(file)), new Findings()) ?? [];
  const getSplit = (image: string) => (guessSplit(relative(root, image)) === "test" ? "test" : undefined);
  return readWithLabels(dirname(file), names, getSplit);
}
