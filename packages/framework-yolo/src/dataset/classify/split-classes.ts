import { hash } from "node:crypto";
import { relative, sep } from "node:path";
import { createDatasetError } from "../find-yaml.ts";
import { type Findings, formatPath } from "../findings.ts";
import { ImageListBuilder } from "../image-list.ts";
import type { ClassImages, ClassSplit } from "./class-images.ts";

/** One image in this many goes into the validation split, as in Ultralytics. */
const imagesPerValidationImage = 5;

/**
 * Splits class folders into train and val. Ultralytics would copy the whole dataset on the machine; here only the paths
 * in the upload differ. An image stays in its split when other images are added or removed.
 */
export function splitClasses(
  folder: string,
  classes: readonly ClassImages[],
  findings: Findings,
): readonly ClassSplit[] {
  if (!classes.some(({ images }) => images.length > 0)) {
    throw createDatasetError(
      `${formatPath(folder)} has no folders of images.`,
      "To classify, name the folder that holds train and val, with a folder of images for each class in both.",
    );
  }
  const divided = classes.map((classImages) => ({ ...classImages, ...divideImages(classImages) }));
  const message = `There are no train and val folders: one image in ${imagesPerValidationImage} of each class is kept for validation.`;
  findings.warning("splits", folder, message);
  return [
    {
      name: "train",
      folder,
      classes: divided.map(({ name, folder, train }) => ({ name, folder, images: train })),
    },
    {
      name: "val",
      folder,
      classes: divided.map(({ name, folder, val }) => ({ name, folder, images: val })),
    },
  ];
}

function divideImages({ name, folder, images }: ClassImages) {
  const shuffled = Array.from(images, ({ path }, index) => ({
    index,
    sortKey: hash("sha256", `${name}/${relative(folder, path).split(sep).join("/")}`),
  })).sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
  const count = images.length < 2 ? 0 : Math.max(1, Math.round(images.length / imagesPerValidationImage));
  const validationIndexes = new Set(shuffled.slice(0, count).map(({ index }) => index));
  const train = new ImageListBuilder({ mayRepeat: false });
  const val = new ImageListBuilder({ mayRepeat: false });
  for (const [index, image] of [...images].entries())
    (validationIndexes.has(index) ? val : train).addFound(image);
  return { train: train.finish(), val: val.finish() };
}
