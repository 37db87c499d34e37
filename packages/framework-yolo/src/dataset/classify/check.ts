import { sep } from "node:path";
import type { DataSource, ManifestEntry } from "@unitrain/core/spec";
import type { CheckedOptions } from "../../options/options.ts";
import { type CheckedSet, locationOf, summaryOf } from "../checked-set.ts";
import { Copies } from "../copies.ts";
import { type Findings, shownPath } from "../findings.ts";
import { inspectImage } from "../image-file.ts";
import type { Pace } from "../pace.ts";
import { ReadingBudget } from "../reading-budget.ts";
import { findClassSplits } from "./find-splits.ts";
import { judgeClasses } from "./judge.ts";
import type { ClassSplit } from "./pictures.ts";

/** A set whose folders say what its pictures show: `train/cat/1.jpg`. */
export async function checkClassFolders(
  source: DataSource,
  options: CheckedOptions,
  findings: Findings,
  pace: Pace,
): Promise<CheckedSet> {
  const { folder, splits } = await findClassSplits(
    source,
    options.arguments.split === "test",
    findings,
    pace,
  );
  const copies = new Copies();
  const budget = new ReadingBudget();
  const entries: ManifestEntry[] = [];
  for (const split of splits) {
    for (const oneClass of split.classes) {
      for (const { image, name } of oneClass.pictures) {
        await pace.step();
        const { sizeBytes, fault, key } = inspectImage(image.file, budget);
        if (fault !== undefined) findings.error("pictures", image.path, fault);
        const twin = split.name === "train" ? copies.copyInTrain(image, key) : undefined;
        if (twin !== undefined && !twin.path.startsWith(oneClass.folder + sep)) {
          const message = `The same picture is in another class as ${shownPath(twin.path)}.`;
          findings.warning("pictures of two classes", image.path, message);
        }
        copies.add(split.name, image, key);
        const path = `${split.name}/${oneClass.name}/${name}`;
        entries.push({ path, from: { file: image.file }, sizeBytes });
      }
    }
  }
  const names = judgeClasses(splits, folder, findings);
  copies.tell(picturesIn(splits.find(({ name }) => name === "val")), findings);
  const countOf = (split: string, name: string): number =>
    splits.find((one) => one.name === split)?.classes.find((one) => one.name === name)?.pictures.length ?? 0;
  return {
    entries: [...entries, ...emptyFolders(splits, names)],
    summary: summaryOf(
      splits.map((split) => ({ name: split.name, images: picturesIn(split) })),
      names.length,
    ),
    location: locationOf(folder, firstPicture(splits)),
    classes: names.map((name) => ({ name, train: countOf("train", name), val: countOf("val", name) })),
  };
}

const firstPicture = (splits: readonly ClassSplit[]) =>
  splits
    .find(({ name }) => name === "val")
    ?.classes.flatMap(({ pictures }) => pictures)
    .map(({ image }) => image)[0];

const picturesIn = (split: ClassSplit | undefined): number =>
  (split?.classes ?? []).reduce((sum, { pictures }) => sum + pictures.length, 0);

/** Ids are given by the folders that are there, in some versions for each split anew: so each split has them all. */
function emptyFolders(splits: readonly ClassSplit[], names: readonly string[]): readonly ManifestEntry[] {
  return splits.flatMap((split) => {
    const filled = new Set(
      split.classes.filter(({ pictures }) => pictures.length > 0).map(({ name }) => name),
    );
    return names
      .filter((name) => !filled.has(name))
      .map((name) => ({
        path: `${split.name}/${name}/.keep`,
        from: { bytes: new Uint8Array() },
        sizeBytes: 0,
      }));
  });
}
