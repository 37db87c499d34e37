import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { formatPath } from "../dataset/findings.ts";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import { getLabelPaths } from "../dataset/label-files.ts";
import { type Converted, type ConvertedImage, guessSplit, noteCount } from "./converted.ts";
import { SourceImages } from "./source-images.ts";

/** Reads the format of labelImg and Label Studio: YOLO labels with `classes.txt` instead of a data.yaml. */
export function readLabelImg({ root, files }: DatasetFormat): Converted {
  const [list = ""] = [...files].sort((a, b) => a.length - b.length);
  const names = readClassNames(list);
  for (const otherFile of files) {
    if (readClassNames(otherFile).join("\n") === names.join("\n")) continue;
    throw new UnitrainError(
      "INVALID_DATASET",
      `${formatPath(list)} and ${formatPath(otherFile)} name different classes: they are not one dataset.`,
      { hint: "Name the folder of one of them." },
    );
  }
  return readWithLabels(root, names, (file) => guessSplit(relative(root, file)));
}

/** Reads all images of a folder with the labels that YOLO would find for them. */
export function readWithLabels(
  root: string,
  names: readonly string[],
  getSplit: (file: string) => ConvertedImage["split"],
): Converted {
  const images = new SourceImages(root).all.map((file) => readLabeledImage(file, getSplit(file)));
  return { names, images, notes: noteBackgrounds(images) };
}

/** Reads the darknet format: YOLO labels with `obj.data` and `obj.names` instead of a data.yaml. */
export function readDarknet({ root, files }: DatasetFormat): Converted {
  const data = files.find((file) => file.endsWith(".data"));
  const keys = new Map(
    (data === undefined ? "" : readFileSync(data, "utf8")).split("\n").flatMap((line) => {
      const [key = "", value] = line.split("=").map((part) => part.trim());
      return value === undefined || value === "" ? [] : [[key, value] as const];
    }),
  );
  const folder = data === undefined ? root : dirname(data);
  const findListed = (path: string | undefined) =>
    path === undefined
      ? undefined
      : [folder, dirname(folder), root]
          .flatMap((base) => [resolve(base, path), join(base, basename(path))])
          .find((file) => existsSync(file));
  const nameFile = findListed(keys.get("names")) ?? files.find((file) => file.endsWith(".names"));
  if (nameFile === undefined)
    throw new UnitrainError(
      "INVALID_DATASET",
      `${formatPath(folder)} has no list of class names (obj.names).`,
    );
  const images = new SourceImages(root);
  const found = new Map<string, ConvertedImage>();
  let missing = 0;
  for (const [key, split] of [
    ["valid", "val"],
    ["train", "train"],
  ] as const) {
    const list = findListed(keys.get(key));
    if (list === undefined) continue;
    for (const line of readFileSync(list, "utf8").split(/\r?\n/)) {
      if (line.trim() === "") continue;
      const path = images.find(line.trim(), [folder, dirname(folder), dirname(list), root], () => false);
      if (path === undefined) missing++;
      else if (!found.has(path)) found.set(path, readLabeledImage(path, split));
    }
  }
  const all =
    found.size > 0
      ? [...found.values()]
      : images.all.map((file) => readLabeledImage(file, guessSplit(relative(root, file))));
  return {
    names: readClassNames(nameFile),
    images: all,
    notes: [
      ...noteCount(missing, "image of a list is not there", "images of the lists are not there"),
      ...noteBackgrounds(all),
    ],
  };
}

function readLabeledImage(file: string, split: ConvertedImage["split"]): ConvertedImage {
  const label = getLabelPaths(file).find((path) => existsSync(path));
  const text = label === undefined ? "" : readFileSync(label, "utf8").replace(/^\uFEFF/, "");
  const rows = text.split(/\r?\n/).filter((row) => row.trim() !== "");
  return { file, split, rows };
}

const noteBackgrounds = (images: readonly ConvertedImage[]): readonly string[] =>
  noteCount(
    images.filter(({ rows }) => rows.length === 0).length,
    "image has no objects: it becomes a background",
    "images have no objects: they become backgrounds",
  );

function readClassNames(file: string): readonly string[] {
  const lines = readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/);
  while (lines.at(-1)?.trim() === "") lines.pop();
  if (lines.length === 0)
    throw new UnitrainError("INVALID_DATASET", `${formatPath(file)} (${extname(file)}) names no class.`);
  return lines.map((line) => line.trim());
}
