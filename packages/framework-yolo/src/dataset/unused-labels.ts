import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { Findings } from "./findings.ts";
import { isImageName } from "./image-names.ts";
import { getImageFolders, getLabelPaths, type LabelFiles } from "./label-files.ts";
import type { ShippedSplit } from "./shipped-split.ts";

/** Labels without an image; those that miss one only by case or by the way an accent is written are a mistake for sure. */
export function reportUnusedLabels(
  splits: readonly ShippedSplit[],
  labels: LabelFiles,
  findings: Findings,
): void {
  const unused = [...labels.listUnused()];
  if (unused.length === 0) return;
  const wanted = new Set(unused.map((label) => normalizeName(basename(label))));
  // By the label's folder too: images of several splits often have the same names.
  const images = new Map<string, string>();
  for (const split of splits) {
    for (const { path } of split.images) {
      const name = normalizeName(basename(path));
      if (!wanted.has(name)) continue;
      for (const label of getLabelPaths(path)) images.set(join(dirname(label), name), path);
    }
  }
  const imagesByFolder = new Map<string, ReadonlySet<string>>();
  for (const label of unused) {
    const name = basename(label);
    const image = images.get(join(dirname(label), normalizeName(name)));
    if (image !== undefined && isMisspelled(basename(image), name)) {
      const message = `Is meant for ${basename(image)}, but is not spelled like it: YOLO would not find it.`;
      findings.damage("spelling of labels", image, label, message);
    } else if (!belongsToAnother(label, imagesByFolder)) {
      findings.warning("labels without an image", label, "There is no image for this label.");
    }
  }
}

/** Its image is there, and in no split that is read: one of `test`, or one that a list leaves out. */
function belongsToAnother(label: string, imagesByFolder: Map<string, ReadonlySet<string>>): boolean {
  return getImageFolders(label).some((folder) => {
    const stems = imagesByFolder.get(folder) ?? listImageStems(folder);
    imagesByFolder.set(folder, stems);
    return stems.has(getStem(basename(label)));
  });
}

function listImageStems(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder).filter(isImageName).map(getStem));
  } catch {
    // No such folder: no images.
    return new Set();
  }
}

const getStem = (name: string): string => name.slice(0, name.length - extname(name).length);
/** `a.jpg.txt` is meant for `a.jpg` too. */
const normalizeName = (name: string): string => {
  const stem = getStem(name);
  return (isImageName(stem) ? getStem(stem) : stem).normalize("NFC").toLowerCase();
};
const isMisspelled = (image: string, label: string): boolean =>
  getStem(image) !== getStem(label) || extname(label) !== ".txt";
