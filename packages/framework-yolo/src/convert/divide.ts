import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { ConvertedImage } from "./converted.ts";

/** One image in so many is kept for validation. */
const imagesPerValidationImage = 5;

/** An image whose split is decided. */
export type DividedImage = ConvertedImage & { readonly split: "train" | "val" | "test" };

/**
 * Decides the split of every image. What the source says stays. Without a val, one image in five is taken from train, in an
 * order that the seed decides; files with the same content stay together, or val would measure what train has seen.
 */
export function divide(images: readonly ConvertedImage[], seed: number): readonly DividedImage[] {
  if (images.some(({ split }) => split === "val") && images.some(({ split }) => split === "train"))
    return images.map((image) => ({ ...image, split: image.split ?? "train" }));
  const groups = new Map<string, ConvertedImage[]>();
  const kept = images.filter(({ split }) => split === "test");
  for (const image of images.filter(({ split }) => split !== "test")) {
    const key = contentOf(image.file);
    const alike = groups.get(key);
    if (alike === undefined) groups.set(key, [image]);
    else alike.push(image);
  }
  const chance = (key: string) => createHash("sha256").update(`${seed} ${key}`).digest("hex");
  const shuffled = [...groups]
    .map(([key, group]) => ({ chance: chance(key), group }))
    .sort((a, b) => (a.chance < b.chance ? -1 : 1));
  const wanted = Math.max(1, Math.round((images.length - kept.length) / imagesPerValidationImage));
  const divided: DividedImage[] = kept.map((image) => ({ ...image, split: "test" }));
  let inVal = 0;
  for (const [place, { group }] of shuffled.entries()) {
    // One group at least must be left to train on.
    const split = inVal < wanted && place < shuffled.length - 1 ? "val" : "train";
    if (split === "val") inVal += group.length;
    for (const image of group) divided.push({ ...image, split });
  }
  return divided;
}

const contentOf = (file: string): string =>
  `${statSync(file).size} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
