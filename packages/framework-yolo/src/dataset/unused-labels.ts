import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { Findings } from "./findings.ts";
import { isImageName } from "./image-names.ts";
import { imageFolders, type LabelFiles, labelPaths } from "./label-files.ts";
import type { ShippedSplit } from "./shipped-split.ts";

/** Labels without an image; those that miss one only by case or by the way an accent is written are a mistake for sure. */
export function judgeUnused(splits: readonly ShippedSplit[], labels: LabelFiles, findings: Findings): void {
  const unused = [...labels.unused()];
  if (unused.length === 0) return;
  const wanted = new Set(unused.map((label) => alike(basename(label))));
  // By the label's folder too: images of several splits often have the same names.
  const images = new Map<string, string>();
  for (const split of splits) {
    for (const { path } of split.images) {
      const name = alike(basename(path));
      if (!wanted.has(name)) continue;
      for (const label of labelPaths(path)) images.set(join(dirname(label), name), path);
    }
  }
  const imagesByFolder = new Map<string, ReadonlySet<string>>();
  for (const label of unused) {
    const name = basename(label);
    const image = images.get(join(dirname(label), alike(name)));
    if (image !== undefined && differs(basename(image), name)) {
      const message = `Is meant for ${basename(image)}, but is not spelled like it: YOLO would not find it.`;
      findings.damage("spelling of labels", image, label, message);
    } else if (!belongsToAnother(label, imagesByFolder)) {
      findings.warning("labels without an image", label, "There is no image for this label.");
    }
  }
}

/** Its image is there, and in no split that is read: one of `test`, or one that a list leaves out. */
function belongsToAnother(label: string, imagesByFolder: Map<string, ReadonlySet<string>>): boolean {
  return imageFolders(label).some((folder) => {
    const stems = imagesByFolder.get(folder) ?? stemsIn(folder);
    imagesByFolder.set(folder, stems);
    return stems.has(stem(basename(label)));
  });
}

function stemsIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder).filter(isImageName).map(stem));
  } catch {
    // No such folder: no images.
    return new Set();
  }
}

const stem = (name: string): string => name.slice(0, name.length - extname(name).length);
/** `a.jpg.txt` is meant for `a.jpg` too. */
const alike = (name: string): string => {
  const once = stem(name);
  return (isImageName(once) ? stem(once) : once).normalize("NFC").toLowerCase();
};
const differs = (image: string, label: string): boolean =>
  stem(image) !== stem(label) || extname(label) !== ".txt";
