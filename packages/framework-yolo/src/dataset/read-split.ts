import type { ContentHasher } from "./content-hasher.ts";
import type { DuplicateFinder } from "./duplicate-finder.ts";
import { findImages } from "./find-images.ts";
import { type Findings, formatPath } from "./findings.ts";
import { inspectImage } from "./image-file.ts";
import type { FoundImage } from "./image-list.ts";
import type { LabelFiles } from "./label-files.ts";
import { readLabel } from "./label-lines.ts";
import type { LabelRules } from "./label-rules.ts";
import { normalizeLabel } from "./normalize-label.ts";
import { readLabelText } from "./read-label.ts";
import type { ReadingBudget } from "./reading-budget.ts";
import { createNamer, getShippedLabelPath } from "./shipped-names.ts";
import { ShippedSplit } from "./shipped-split.ts";
import type { Split } from "./splits.ts";
import { Tally } from "./tally.ts";
import type { Yielder } from "./yielder.ts";

/** What one split holds. */
export interface SplitContent {
  /** All that were found, also those that are left out. */
  readonly images: number;
  readonly labeled: number;
  /** Labels with mistakes for which their image is left out. */
  readonly damagedLabels: number;
  /** Labels of boxes and outlines, which are written anew with boxes only. */
  readonly convertedLabels: number;
  readonly tally: Tally;
  readonly shipped: ShippedSplit;
  /** To say where labels are looked for. */
  readonly firstImage: FoundImage | undefined;
}

export interface SplitRules extends LabelRules {
  readonly root: string;
  /** Of Ultralytics. */
  readonly version: string;
}

/** What is gathered over all splits of a set. */
export interface ReadContext {
  readonly labels: LabelFiles;
  readonly duplicates: DuplicateFinder;
  readonly budget: ReadingBudget;
  readonly hasher: ContentHasher;
  readonly findings: Findings;
  readonly yielder: Yielder;
  /** How many images the splits before this one had: their numbers are taken. */
  imagesBefore: number;
}

/** Looks at every image and label of a split, and lays them out as they are shipped. */
export async function readSplit(
  split: Split,
  rules: SplitRules,
  context: ReadContext,
): Promise<SplitContent> {
  const { labels, duplicates, budget, hasher, findings, yielder, imagesBefore } = context;
  const images = await findImages(split, rules.root, findings, yielder);
  const getName = createNamer(split.sources, images);
  const getPath = (image: FoundImage) => `images/${split.name}/${getName(image)}`;
  const getLabel = (image: FoundImage) => ({
    file: labels.getFile(image),
    rewrite: (text: string) => normalizeLabel(text, rules, { isMixed: isMixed(text, rules) }),
  });
  const shipped = new ShippedSplit(images, findings.skippedImages, getPath, getShippedLabelPath, getLabel);
  const tally = new Tally();
  const counts = { labeled: 0, damagedLabels: 0, convertedLabels: 0 };
  context.imagesBefore += images.length;
  yielder.expect(images.length);
  duplicates.startList(split.name, images);
  let index = -1;
  for (const image of images) {
    index++;
    await yielder.image();
    const isAlreadySkipped = findings.skippedImages.has(image.path);
    const { sizeBytes, fault, key, content } = inspectImage(image.file, budget, rules.version, hasher);
    if (fault !== undefined && !isAlreadySkipped) findings.damage("images", image.path, image.path, fault);
    duplicates.add(split.name, image, key);
    shipped.setImage(index, sizeBytes, content);
    if (content !== undefined) yielder.read(sizeBytes);
    const label = labels.findLabel(image, imagesBefore + index + 1);
    if (label === undefined) continue;
    if ("fault" in label) {
      findings.damage("labels", image.path, label.path, label.fault);
      continue;
    }
    counts.labeled++;
    const ownerIndex = label.previousImage - 1 - imagesBefore;
    if (ownerIndex >= 0) {
      const owner = images.at(ownerIndex);
      if (getShippedLabelPath(getPath(owner)) === getShippedLabelPath(getPath(image))) {
        findings.warning("shared labels", image.path, `Has the same label as ${formatPath(owner.path)}.`);
      }
    }
    const read = readLabelText(
      label.file,
      (message) => findings.damage("labels", image.path, label.file, message),
      hasher,
    );
    if (read === undefined) {
      counts.damagedLabels++;
      continue;
    }
    // A label of another image too has been reported there.
    const isReported = label.previousImage !== 0;
    let isDamaged = false;
    const { isPlain, isMixed, ids } = readLabel(read.text, rules, tally, (line, fault) => {
      const { severity, kind, message } = fault;
      isDamaged ||= severity === "error";
      if (isReported && severity === "error") findings.skipImage(image.path);
      if (isReported) return;
      if (severity === "error") findings.damage(kind, image.path, label.file, message, line);
      else findings.warning(kind, label.file, message, line);
    });
    if (isDamaged) counts.damagedLabels++;
    else if (fault === undefined) tally.keep(ids);
    if (isMixed && !isDamaged) counts.convertedLabels++;
    if (isPlain || isDamaged) shipped.setLabel(index, read.sizeBytes, read.content);
    else shipped.setRewrittenLabel(index, normalizeLabel(read.text, rules, { isMixed }).length);
  }
  return { images: images.length, ...counts, tally, shipped, firstImage: getFirst(images) };
}

/** Once the labels were read: whether this text is one that mixes boxes and outlines. */
const isMixed = (text: string, rules: LabelRules): boolean =>
  rules.task === "detect" && readLabel(text, rules, new Tally(), () => {}).isMixed;

function getFirst(images: Iterable<FoundImage>): FoundImage | undefined {
  for (const image of images) return image;
  return undefined;
}
