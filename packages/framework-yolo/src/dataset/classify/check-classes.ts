import { join } from "node:path";
import type { Findings } from "../findings.ts";
import type { ClassSplit } from "./class-images.ts";

/**
 * Checks the classes of all splits and returns the names of those in train, which are the ones that the model learns.
 */
export function checkClasses(
  splits: readonly ClassSplit[],
  folder: string,
  findings: Findings,
): readonly string[] {
  const train = splits.find(({ name }) => name === "train");
  const names = (train?.classes ?? []).map(({ name }) => name);
  for (const split of splits) {
    if (split.classes.every(({ images }) => images.length === 0)) {
      const message = `${split.name} has no images: it needs a folder of them for each class.`;
      findings.error("splits", split.folder, message);
      continue;
    }
    checkSplit(split, names, findings);
  }
  if (names.length === 1) {
    findings.warning(
      "classes",
      train?.folder ?? folder,
      `${names[0]} is the only class: a classifier needs at least two.`,
    );
  }
  warnAboutSimilarNames(names, train?.folder ?? folder, findings);
  return names;
}

function checkSplit(split: ClassSplit, names: readonly string[], findings: Findings): void {
  const filled = new Map(split.classes.map(({ name, images }) => [name, images.length]));
  for (const name of names) {
    if ((filled.get(name) ?? 0) > 0) continue;
    const purpose = split.name === "train" ? "learn" : "measure";
    const message = `The class ${name} has no images in ${split.name}: there is nothing to ${purpose} it by.`;
    findings.warning(`classes without images in ${split.name}`, join(split.folder, name), message);
  }
  for (const { name, folder, images } of split.classes) {
    if (names.includes(name) || images.length === 0) continue;
    findings.error(
      "classes that are not in train",
      folder,
      `train has no class ${name}: YOLO would drop these images.`,
    );
  }
}

/** Warns about names that differ only in case or Unicode normalization, because they probably mean the same class. */
function warnAboutSimilarNames(names: readonly string[], folder: string, findings: Findings): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const plain = name.normalize("NFC").trim().toLowerCase();
    const twin = seen.get(plain);
    if (twin !== undefined) {
      const message = `${name} and ${twin} are two classes, though their names are nearly the same.`;
      findings.warning("classes with nearly the same name", join(folder, name), message);
    }
    seen.set(plain, name);
  }
}
