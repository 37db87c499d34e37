import { readdirSync } from "node:fs";
import { dirname, extname, join, sep } from "node:path";
import { shownPath } from "./findings.ts";
import type { FoundImage } from "./image-list.ts";
import { labelPaths } from "./label-files.ts";
import type { Split } from "./splits.ts";

/** Says of a split without labels where they are looked for, and what stands in the way when that can be seen. */
export function missingLabels(split: Split, first: FoundImage): string {
  const expected = labelPaths(first.path)[0];
  const message = `${split.name} has no labels at all`;
  if (expected === undefined) return `${message}.`;
  return `${message}; for the first image it would be ${shownPath(expected)}.${reasonFor(first)}`;
}

/** What stands in the way of an image's label, where that can be seen. */
export function reasonFor({ path }: FoundImage): string {
  const expected = labelPaths(path)[0];
  if (expected === undefined) return "";
  const folders = path.split(sep);
  const cased = folders.findLast((folder) => folder !== "images" && folder.toLowerCase() === "images");
  if (cased !== undefined) return ` Folders must be called images and labels, and not ${cased}.`;
  const folder = dirname(expected);
  const others = new Set([...suffixesIn(folder), ...suffixesIn(dirname(path))]);
  if (others.has(".xml")) return " There are .xml files (Pascal VOC): `unitrain init` converts them.";
  if (others.has(".json")) return " There are .json files (COCO, labelme): `unitrain init` converts COCO.";
  const called = otherLabelFolder(expected);
  return called === undefined ? "" : ` Rename ${called} to labels.`;
}

/** A folder beside where `labels` should be, with a name that means the same. */
function otherLabelFolder(expected: string): string | undefined {
  const at = expected.lastIndexOf(`${sep}labels${sep}`);
  if (at === -1) return undefined;
  const parent = expected.slice(0, at);
  const names = namesIn(parent);
  if (names.includes("labels")) return undefined;
  const meant = names.find((name) => /^(?:labels?|annotations?|label_txts?)$/i.test(name));
  return meant === undefined ? undefined : shownPath(join(parent, meant));
}

const suffixesIn = (folder: string): ReadonlySet<string> =>
  new Set(namesIn(folder).map((name) => extname(name).toLowerCase()));

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
