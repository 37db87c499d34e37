import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { Findings } from "./findings.ts";
import { isImageName } from "./image-names.ts";
import { getImageFolders, getLabelPaths, type LabelFiles } from "./label-files.ts";
import type { ShippedSplit } from "./shipped-split.ts";

/**
 * Reports labels without an image. If a label's name differs from an image's only in case or Unicode normalization, it
 * is a misspelling.
 */
export function reportUnusedLabels(
  splits: readonly ShippedSplit[],
  labels: LabelFiles,
  findings: Findings,
): void {
  const unused = [...labels.listUnused()];
  if (unused.length === 0) return;
  const wanted = new Set(unused.map((label) => normalizeName(basename(label))));
  // Keyed by the label's folder as well, because images in several splits often have the same names.
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
      const message = `Belongs to ${basename(image)}, but is spelled differently: YOLO would not find it.`;
      findings.damage("spelling of labels", image, label, message);
    } else if (!belongsToAnother(label, imagesByFolder)) {
      findings.warning("labels without an image", label, "This label has no image.");
    }
  }
}

/** Returns whether its image exists but is in no split that is read, such as `test`, or is missing from a list file. */
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
    // The folder does not exist, so it has no images.
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
