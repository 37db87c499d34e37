import { sep } from "node:path";
import type { DataSource, ManifestEntry } from "@unitrain/core/spec";
import type { CheckedOptions } from "../../options/options.ts";
import { type CheckedDataset, getLocation, summarize } from "../checked-dataset.ts";
import { ContentHasher } from "../content-hasher.ts";
import { DuplicateFinder } from "../duplicate-finder.ts";
import { type Findings, formatPath } from "../findings.ts";
import { inspectImage } from "../image-file.ts";
import type { FoundImage } from "../image-list.ts";
import { ReadingBudget } from "../reading-budget.ts";
import { settleDamage } from "../settle-damage.ts";
import { ShippedSplit } from "../shipped-split.ts";
import type { Yielder } from "../yielder.ts";
import { checkClasses } from "./check-classes.ts";
import type { ClassSplit } from "./class-images.ts";
import { findClassSplits } from "./find-splits.ts";

/** Checks a classification dataset, in which folders name the class of their images: `train/cat/1.jpg`. */
export async function checkClassFolders(
  source: DataSource,
  options: CheckedOptions,
  findings: Findings,
  yielder: Yielder,
): Promise<CheckedDataset> {
  const { folder, splits } = await findClassSplits(
    source,
    options.arguments.split === "test",
    findings,
    yielder,
  );
  const duplicates = new DuplicateFinder();
  const budget = new ReadingBudget();
  const hasher = new ContentHasher();
  findings.inspect(folder);
  const shipped: ShippedSplit[] = [];
  for (const split of splits) {
    for (const { name, folder: classFolder, images } of split.classes) {
      const getPath = (image: FoundImage) =>
        `${split.name}/${name}/${toRelativePath(classFolder, image.path)}`;
      const shippedClass = new ShippedSplit(images, findings.skippedImages, getPath);
      shipped.push(shippedClass);
      yielder.expect(images.length);
      duplicates.startList(split.name, images);
      let index = 0;
      for (const image of images) {
        await yielder.image();
        const { sizeBytes, fault, key, content } = inspectImage(image.file, budget, options.version, hasher);
        if (fault !== undefined) findings.damage("images", image.path, image.path, fault);
        const original = split.name === "train" ? duplicates.findCopyInTrain(image, key) : undefined;
        if (original !== undefined && !original.path.startsWith(classFolder + sep)) {
          const message = `The same image is in another class as ${formatPath(original.path)}.`;
          findings.warning("images of two classes", image.path, message);
        }
        duplicates.add(split.name, image, key);
        shippedClass.setImage(index++, sizeBytes, content);
      }
    }
  }
  const names = checkClasses(splits, folder, findings);
  duplicates.report(countImages(splits.find(({ name }) => name === "val")), findings);
  const skippedCounts = countSkippedImages(splits, findings.skippedImages);
  for (const split of splits) {
    const images = countImages(split);
    if (images > 0 && images === (skippedCounts.get(split.name) ?? 0))
      findings.error("splits", split.folder, `No image of ${split.name} can be used: all are damaged.`);
  }
  const kept = shipped.reduce((sum, { count }) => sum + count, 0);
  settleDamage(kept, options, folder, findings);
  const countKept = (split: string, name: string): number =>
    (splits
      .find((candidate) => candidate.name === split)
      ?.classes.find((candidate) => candidate.name === name)?.images.length ?? 0) -
    (skippedCounts.get(`${split}/${name}`) ?? 0);
  return {
    unsorted: createPlaceholders(splits, names),
    sortedGroups: shipped.filter(({ count }) => count > 0).map((split) => () => split.imageEntries()),
    summary: summarize(
      splits.map((split) => ({
        name: split.name,
        images: countImages(split) - (skippedCounts.get(split.name) ?? 0),
      })),
      names.length,
      findings.skippedImages.size,
    ),
    location: getLocation(folder, findFirstImage(splits)),
    classes: names.map((name) => ({ name, train: countKept("train", name), val: countKept("val", name) })),
  };
}

const findFirstImage = (splits: readonly ClassSplit[]): FoundImage | undefined => {
  const val = splits.find(({ name }) => name === "val");
  return val?.classes.find(({ images }) => images.length > 0)?.images.at(0);
};

/** Counts the skipped images of each split, and of each class in it under the key `split/class`. */
function countSkippedImages(
  splits: readonly ClassSplit[],
  skippedImages: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (skippedImages.size === 0) return counts;
  for (const split of splits) {
    for (const { name, images } of split.classes) {
      for (const { path } of images) {
        if (!skippedImages.has(path)) continue;
        for (const key of [split.name, `${split.name}/${name}`]) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  return counts;
}

const toRelativePath = (folder: string, path: string): string =>
  path
    .slice(folder.length + 1)
    .split(sep)
    .join("/");

const countImages = (split: ClassSplit | undefined): number =>
  (split?.classes ?? []).reduce((sum, { images }) => sum + images.length, 0);

/**
 * Creates placeholder files for empty class folders. Ultralytics derives class ids from the existing folders, in some
 * versions for each split separately, so every split needs the folders of all classes.
 */
function createPlaceholders(
  splits: readonly ClassSplit[],
  names: readonly string[],
): readonly ManifestEntry[] {
  return splits.flatMap((split) => {
    const filled = new Set(split.classes.filter(({ images }) => images.length > 0).map(({ name }) => name));
    return names
      .filter((name) => !filled.has(name))
      .map((name) => ({
        path: `${split.name}/${name}/.keep`,
        from: { bytes: new Uint8Array() },
        sizeBytes: 0,
      }));
  });
}
