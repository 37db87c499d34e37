import { readdirSync } from "node:fs";
import { dirname, extname, sep } from "node:path";
import { shownPath } from "./findings.ts";
import { labelPaths } from "./label-files.ts";
import type { Split } from "./splits.ts";
import type { FoundImage } from "./walk.ts";

/** Says of a split without labels where they are looked for, and what stands in the way when that can be seen. */
export function missingLabels(split: Split, first: FoundImage): string {
  const expected = labelPaths(first.path)[0];
  const message = `${split.name} has no labels at all`;
  if (expected === undefined) return `${message}.`;
  return `${message}; for the first picture it would be ${shownPath(expected)}.${guess(first.path, expected)}`;
}

function guess(image: string, expected: string): string {
  const folders = image.split(sep);
  const cased = folders.findLast((folder) => folder !== "images" && folder.toLowerCase() === "images");
  if (cased !== undefined) return ` Folders must be called images and labels, and not ${cased}.`;
  const folder = dirname(expected);
  const others = [...new Set([...suffixesIn(folder), ...suffixesIn(dirname(image))])];
  if (others.includes(".xml")) return " There are .xml files (Pascal VOC): convert them to YOLO's labels.";
  if (others.includes(".json"))
    return " There are .json files (COCO, labelme): convert them to YOLO's labels.";
  return "";
}

function suffixesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => extname(name).toLowerCase());
  } catch {
    return [];
  }
}
