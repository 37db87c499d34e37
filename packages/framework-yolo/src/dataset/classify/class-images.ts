import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Findings } from "../findings.ts";
import { type ImageList, ImageListBuilder } from "../image-list.ts";
import { isImageName } from "../image-names.ts";
import type { SplitName } from "../splits.ts";
import { getEntryKind, walkImages } from "../walk.ts";
import type { Yielder } from "../yielder.ts";

/** The images of one class in a split. */
export interface ClassImages {
  /** Name of its folder. */
  readonly name: string;
  readonly folder: string;
  readonly images: ImageList;
}

export interface ClassSplit {
  readonly name: SplitName;
  readonly folder: string;
  readonly classes: readonly ClassImages[];
}

/** Reads the class folders in a folder, with all images below each. */
export async function readClasses(
  folder: string,
  findings: Findings,
  yielder: Yielder,
): Promise<readonly ClassImages[]> {
  findings.inspect(folder);
  const classes: ClassImages[] = [];
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (isJunk(entry.name)) continue;
    const kind = getEntryKind(entry, path, findings);
    if (kind === "file" && isImageName(entry.name)) {
      findings.warning("images without a class", path, "Is skipped, because it is not in a class folder.");
    }
    if (kind !== "folder") continue;
    if (entry.name.startsWith(".")) {
      const message = "YOLO would read this hidden folder as a class; it is skipped.";
      findings.warning("hidden folders", path, message);
      continue;
    }
    const images = new ImageListBuilder({ mayRepeat: false });
    await walkImages(path, images, findings, yielder, (hidden) => {
      if (!isImageName(hidden) || isJunk(basename(hidden))) return;
      findings.warning("hidden images", hidden, "This hidden image is skipped.");
    });
    classes.push({ name: entry.name, folder: path, images: images.finish() });
  }
  return classes;
}

/** Returns whether a name belongs to files that operating systems and tools generate. */
const isJunk = (name: string): boolean =>
  name.startsWith("._") || ["__MACOSX", ".DS_Store", ".git", ".ipynb_checkpoints"].includes(name);
