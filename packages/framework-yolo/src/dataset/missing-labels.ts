import { existsSync, readdirSync } from "node:fs";
import { dirname, extname, join, sep } from "node:path";
import { formatPath } from "./findings.ts";
import type { FoundImage } from "./image-list.ts";
import { getLabelPaths } from "./label-files.ts";
import type { Split } from "./splits.ts";

/** Describes where labels of a split were searched and, if it can be seen, why none were found. */
export function describeMissingLabels(split: Split, first: FoundImage): string {
  const expected = getLabelPaths(first.path)[0];
  const message = `${split.name} has no labels at all`;
  if (expected === undefined) return `${message}.`;
  return `${message}; for the first image it would be ${formatPath(expected)}.${findMissingReason(first)}`;
}

/** Returns a sentence on why an image has no label, or an empty string. */
export function findMissingReason({ path }: FoundImage): string {
  const expected = getLabelPaths(path)[0];
  if (expected === undefined) return "";
  const folders = path.split(sep);
  const cased = folders.findLast((folder) => folder !== "images" && folder.toLowerCase() === "images");
  if (cased !== undefined) return ` Folders must be called images and labels, and not ${cased}.`;
  const folder = dirname(expected);
  const others = new Set([...listSuffixes(folder), ...listSuffixes(dirname(path))]);
  if (others.has(".xml")) return " There are .xml files (Pascal VOC): `unitrain init` converts them.";
  if (others.has(".json")) return " There are .json files (COCO, labelme): `unitrain init` converts COCO.";
  const called = findMisnamedFolder(expected);
  return called === undefined ? suggestImageFolder(path) : ` Rename ${called} to labels.`;
}

/** Suggests renaming or moving a folder of images when labels exist beside it: `JPEGImages/train`, or `train` alone. */
function suggestImageFolder(image: string): string {
  const parts = image.slice(0, image.length - extname(image).length).split(sep);
  for (let at = parts.length - 2; at > 0; at--) {
    const [before, folder = "", after] = [parts.slice(0, at), parts[at], parts.slice(at + 1)];
    const shown = (end: string) => formatPath([...before, end].join(sep));
    const exists = (...end: readonly string[]) =>
      existsSync(`${[...before, "labels", ...end].join(sep)}.txt`);
    if (exists(...after)) return ` Rename ${shown(folder)} to images: its labels are in ${shown("labels")}.`;
    if (exists(folder, ...after))
      return ` Move ${shown(folder)} into a folder images: its labels are in ${shown(join("labels", folder))}.`;
  }
  return "";
}

/** Finds a folder with a name similar to `labels` at its place. */
function findMisnamedFolder(expected: string): string | undefined {
  const at = expected.lastIndexOf(`${sep}labels${sep}`);
  if (at === -1) return undefined;
  const parent = expected.slice(0, at);
  const names = listNames(parent);
  if (names.includes("labels")) return undefined;
  const suggestion = names.find((name) => /^(?:labels?|annotations?|label_txts?)$/i.test(name));
  return suggestion === undefined ? undefined : formatPath(join(parent, suggestion));
}

const listSuffixes = (folder: string): ReadonlySet<string> =>
  new Set(listNames(folder).map((name) => extname(name).toLowerCase()));

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
