import { sep } from "node:path";
import type { DataSource, ManifestEntry } from "@unitrain/core/spec";
import type { CheckedOptions } from "../../options/options.ts";
import { type CheckedSet, locationOf, summaryOf } from "../checked-set.ts";
import { DuplicateFinder } from "../duplicate-finder.ts";
import { type Findings, shownPath } from "../findings.ts";
import { inspectImage } from "../image-file.ts";
import type { FoundImage } from "../image-list.ts";
import { judgeDamage } from "../judge-damage.ts";
import { ReadingBudget } from "../reading-budget.ts";
import { ShippedSplit } from "../shipped-split.ts";
import type { Yielder } from "../yielder.ts";
import type { ClassSplit } from "./class-images.ts";
import { findClassSplits } from "./find-splits.ts";
import { judgeClasses } from "./judge.ts";

/** A set whose folders say what its images show: `train/cat/1.jpg`. */
export async function checkClassFolders(
  source: DataSource,
  options: CheckedOptions,
  findings: Findings,
  yielder: Yielder,
): Promise<CheckedSet> {
  const { folder, splits } = await findClassSplits(
    source,
    options.arguments.split === "test",
    findings,
    yielder,
  );
  const duplicates = new DuplicateFinder();
  const budget = new ReadingBudget();
  const shipped: ShippedSplit[] = [];
  for (const split of splits) {
    for (const { name, folder: classFolder, images } of split.classes) {
      const pathOf = (image: FoundImage) => `${split.name}/${name}/${pathBelow(classFolder, image.path)}`;
      const ofClass = new ShippedSplit(images, findings.leftOut, pathOf);
      shipped.push(ofClass);
      yielder.expect(images.length);
      duplicates.open(split.name, images);
      let index = 0;
      for (const image of images) {
        await yielder.image();
        const { sizeBytes, fault, key } = inspectImage(image.file, budget, options.version);
        if (fault !== undefined) findings.damage("images", image.path, image.path, fault);
        const twin = split.name === "train" ? duplicates.copyInTrain(image, key) : undefined;
        if (twin !== undefined && !twin.path.startsWith(classFolder + sep)) {
          const message = `The same image is in another class as ${shownPath(twin.path)}.`;
          findings.warning("images of two classes", image.path, message);
        }
        duplicates.add(split.name, image, key);
        ofClass.setImage(index++, sizeBytes);
      }
    }
  }
  const names = judgeClasses(splits, folder, findings);
  duplicates.tell(imagesIn(splits.find(({ name }) => name === "val")), findings);
  const skippedFolders = countLeftOut(splits, findings.leftOut);
  for (const split of splits) {
    const images = imagesIn(split);
    if (images > 0 && images === (skippedFolders.get(split.name) ?? 0))
      findings.error("splits", split.folder, `No image of ${split.name} can be used: all are damaged.`);
  }
  const kept = shipped.reduce((sum, { count }) => sum + count, 0);
  judgeDamage(kept, options, folder, findings);
  const countOf = (split: string, name: string): number =>
    (splits
      .find((candidate) => candidate.name === split)
      ?.classes.find((candidate) => candidate.name === name)?.images.length ?? 0) -
    (skippedFolders.get(`${split}/${name}`) ?? 0);
  return {
    few: emptyFolders(splits, names),
    many: shipped.filter(({ count }) => count > 0).map((split) => () => split.imageEntries()),
    summary: summaryOf(
      splits.map((split) => ({
        name: split.name,
        images: imagesIn(split) - (skippedFolders.get(split.name) ?? 0),
      })),
      names.length,
      findings.leftOut.size,
    ),
    location: locationOf(folder, firstImage(splits)),
    classes: names.map((name) => ({ name, train: countOf("train", name), val: countOf("val", name) })),
  };
}

const firstImage = (splits: readonly ClassSplit[]): FoundImage | undefined => {
  const val = splits.find(({ name }) => name === "val");
  return val?.classes.find(({ images }) => images.length > 0)?.images.at(0);
};

/** How many images are left out of each split, and (`split/class`) of each class in it. */
function countLeftOut(
  splits: readonly ClassSplit[],
  leftOut: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (leftOut.size === 0) return counts;
  for (const split of splits) {
    for (const { name, images } of split.classes) {
      for (const { path } of images) {
        if (!leftOut.has(path)) continue;
        for (const key of [split.name, `${split.name}/${name}`]) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  return counts;
}

const pathBelow = (folder: string, path: string): string =>
  path
    .slice(folder.length + 1)
    .split(sep)
    .join("/");

const imagesIn = (split: ClassSplit | undefined): number =>
  (split?.classes ?? []).reduce((sum, { images }) => sum + images.length, 0);

/** Ids are given by the folders that are there, in some versions for each split anew: so each split has them all. */
function emptyFolders(splits: readonly ClassSplit[], names: readonly string[]): readonly ManifestEntry[] {
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
