import { realpathSync, statSync } from "node:fs";
import type { Findings } from "./findings.ts";
import { type ImageList, ImageListBuilder } from "./image-list.ts";
import { isImageName } from "./image-names.ts";
import { readListFile } from "./list-file.ts";
import type { Split } from "./splits.ts";
import { walkImages } from "./walk.ts";
import type { Yielder } from "./yielder.ts";

/** Finds the images of a split in all of its folders and list files, without duplicates. */
export async function findImages(
  split: Split,
  root: string,
  findings: Findings,
  yielder: Yielder,
): Promise<ImageList> {
  const sources = [...new Set(split.sources)];
  const [first, ...others] = sources;
  const isOneFolder = first !== undefined && others.length === 0 && statSync(first).isDirectory();
  const images = new ImageListBuilder({ mayRepeat: !isOneFolder });
  for (const source of sources) {
    const found = statSync(source);
    if (found.isDirectory()) await walkImages(source, images, findings, yielder);
    else if (found.isFile() && !isImageName(source)) {
      await readListFile(source, root, images, findings, yielder);
    } else {
      const message = `${split.name} names this, which is neither a folder nor a list (.txt).`;
      findings.error("splits", realpathSync(source), message);
    }
  }
  return images.finish();
}
