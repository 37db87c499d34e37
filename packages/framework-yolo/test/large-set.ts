import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPlainPng } from "./drawn-set.ts";

/** Some file systems allow at most 65,000 links to a file. */
const linksPerFile = 50_000;
const valImages = 100;

/** Creates a dataset of that many tiny images with labels. All are hard links, so they are separate files that need no space. */
export function writeLargeSet(
  folder: string,
  images: number,
): { readonly train: number; readonly val: number } {
  const counts = { train: images - valImages, val: valImages };
  for (const [split, count] of Object.entries(counts)) {
    fill(join(folder, "images", split), ".png", createPlainPng(12, split === "train" ? 12 : 14), count);
    fill(join(folder, "labels", split), ".txt", "0 0.5 0.5 0.2 0.2\n", count);
  }
  writeFileSync(join(folder, "data.yaml"), "train: images/train\nval: images/val\nnames: [a, b]\n");
  return counts;
}

function fill(folder: string, suffix: string, content: Uint8Array | string, count: number): void {
  mkdirSync(folder, { recursive: true });
  let original = "";
  for (let at = 0; at < count; at++) {
    const file = join(folder, `${String(at).padStart(7, "0")}${suffix}`);
    if (at % linksPerFile === 0) {
      original = file;
      writeFileSync(file, content);
    } else linkSync(original, file);
  }
}
