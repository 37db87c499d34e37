import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { ConvertedImage } from "./converted.ts";

/** One image in this many goes into the validation split. */
const imagesPerValidationImage = 5;

/** An image with a split. */
export type AssignedImage = ConvertedImage & { readonly split: "train" | "val" | "test" };

/**
 * Assigns a split to every image. Splits of the source are kept. If it has no val split, one image in five moves from
 * train to val, in an order that the seed determines. Identical files stay together, because val would otherwise
 * contain images that the model was trained on.
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
    // At least one group must remain for training.
    const split = valCount < wantedValCount && index < shuffled.length - 1 ? "val" : "train";
    if (split === "val") valCount += group.length;
    for (const image of group) assigned.push({ ...image, split });
  }
  return assigned;
}

const hashContent = (file: string): string =>
  `${statSync(file).size} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
