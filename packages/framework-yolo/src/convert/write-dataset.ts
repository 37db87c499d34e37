import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, sep } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { stringify } from "yaml";
import { formatPath } from "../dataset/findings.ts";
import type { AssignedImage } from "./assign-splits.ts";
import type { Converted, KeyPointNames } from "./converted.ts";
import { findFlipIndexes } from "./key-points.ts";

/**
 * Writes a dataset in YOLO's format into a new folder, completely or not at all. Throws `INVALID_OPTIONS` if the folder
 * exists.
 */
export function writeDataset(
  target: string,
  { names, keyPoints }: Pick<Converted, "names" | "keyPoints">,
  images: readonly AssignedImage[],
): void {
  if (existsSync(target)) {
    throw new UnitrainError("INVALID_OPTIONS", `Cannot write ${formatPath(target)}: it already exists.`, {
      hint: "Remove it, or train on it.",
    });
  }
  const unfinished = `${target}.unfinished-${process.pid}`;
  try {
    for (const split of new Set(images.map((image) => image.split))) {
      for (const kind of ["images", "labels"]) mkdirSync(join(unfinished, kind, split), { recursive: true });
    }
    const usedNames = new Set<string>();
    for (const { file, split, rows } of images) {
      const name = chooseName(file, split, usedNames);
      copyFileSync(file, join(unfinished, "images", split, name), constants.COPYFILE_FICLONE);
      const label = `${name.slice(0, name.length - extname(name).length)}.txt`;
      writeFileSync(join(unfinished, "labels", split, label), rows.map((row) => `${row}\n`).join(""));
    }
    const splits = ["train", "val", "test"].filter((split) => images.some((image) => image.split === split));
    const yaml = {
      ...Object.fromEntries(splits.map((split) => [split, `images/${split}`])),
      names: new Map(names.entries()),
      ...(keyPoints === undefined ? {} : createPoseKeys(keyPoints)),
    };
    writeFileSync(
      join(unfinished, "data.yaml"),
      stringify(yaml, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 }),
    );
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Returns the keys that pose needs. Without `flip_idx`, Ultralytics does not mirror images. */
function createPoseKeys(keyPoints: KeyPointNames) {
  const flip = findFlipIndexes(keyPoints);
  return { kpt_shape: [keyPoints.length, 3], ...(flip === undefined ? {} : { flip_idx: flip }) };
}

/** Returns the file's name, prefixed with its folders if another image or label has the same name. */
function chooseName(file: string, split: string, usedNames: Set<string>): string {
  const suffix = extname(file);
  const folders = dirname(file).split(sep).filter(Boolean);
  let stem = basename(file, suffix);
  // Many file systems treat names that differ only in case as one file.
  while (usedNames.has(`${split}/${stem}`.toLowerCase())) stem = `${folders.pop() ?? "x"}_${stem}`;
  usedNames.add(`${split}/${stem}`.toLowerCase());
  return stem + suffix;
}
