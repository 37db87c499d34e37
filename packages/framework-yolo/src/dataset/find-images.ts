import { realpathSync, statSync } from "node:fs";
import type { Findings } from "./findings.ts";
import { isImageName } from "./image-names.ts";
import { readListFile } from "./list-file.ts";
import type { Pace } from "./pace.ts";
import type { Split } from "./splits.ts";
import { type FoundImage, walk } from "./walk.ts";

/** The pictures of a split, each once, from all of its folders and lists. */
export async function findImages(
  split: Split,
  root: string,
  findings: Findings,
  pace: Pace,
): Promise<readonly FoundImage[]> {
  const images: FoundImage[] = [];
  for (const source of new Set(split.sources)) {
    const found = statSync(source);
    if (found.isDirectory()) images.push(...(await walk(source, findings, pace)));
    else if (found.isFile() && !isImageName(source))
      images.push(...(await readListFile(source, root, findings, pace)));
    else {
      const message = `${split.name} names this, which is neither a folder nor a list (.txt).`;
      findings.error("splits", realpathSync(source), message);
    }
  }
  return [...new Map(images.map((image) => [image.path, image])).values()];
}
