import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { ConvertedImage } from "./converted.ts";

/** One image in so many is kept for validation. */
const imagesPerValidationImage = 5;

/** An image whose split is decided. */
export type AssignedImage = ConvertedImage & { readonly split: "train" | "val" | "test" };

/**
 * Decides the split of every image. What the source says stays. Without a val, one image in five is taken from train, in an
 * order that the seed decides; files with the same content stay together, or val would measure what train has seen.
 */
export function assignSplits(images: readonly ConvertedImage[], seed: number): readonly AssignedImage[] {
  if (images.some(({ split }) => split === "val") && images.some(({ split }) => split === "train"))
    return images.map((image) => ({ ...image, split: image.split ?? "train" }));
  const groups = new Map<string, ConvertedImage[]>();
  const testImages = images.filter(({ split }) => split === "test");
  for (const image of images.filter(({ split }) => split !== "test")) {
    const key = hashContent(image.file);
    const sameName = groups.get(key);
    if (sameName === undefined) groups.set(key, [image]);
    else sameName.push(image);
  }
  const chance = (key: string) => createHash("sha256").update(`${seed} ${key}`).digest("hex");
  const shuffled = [...groups]
    .map(([key, group]) => ({ chance: chance(key), group }))
    .sort((a, b) => (a.chance < b.chance ? -1 : 1));
  const wantedValCount = Math.max(
    1,
    Math.round((images.length - testImages.length) / imagesPerValidationImage),
  );
  const assigned: AssignedImage[] = testImages.map((image) => ({ ...image, split: "test" }));
  let valCount = 0;
  for (const [index, { group }] of shuffled.entries()) {
    // One group at least must be left to train on.
    const split = valCount < wantedValCount && index < shuffled.length - 1 ? "val" : "train";
    if (split === "val") valCount += group.length;
    for (const image of group) assigned.push({ ...image, split });
  }
  return assigned;
}

const hashContent = (file: string): string =>
  `${statSync(file).size} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
