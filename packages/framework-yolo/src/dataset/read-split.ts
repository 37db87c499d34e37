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

/** The content of a split. */
export interface SplitContent {
  /** Number of images found, including skipped ones. */
  readonly images: number;
  readonly labeled: number;
  /** Number of labels with errors, whose images are skipped. */
  readonly damagedLabels: number;
  /** Number of labels that mix boxes and outlines, which are rewritten with boxes only. */
  readonly convertedLabels: number;
  readonly tally: Tally;
  readonly shipped: ShippedSplit;
  /** An example for messages about where labels are searched. */
  readonly firstImage: FoundImage | undefined;
}

export interface SplitRules extends LabelRules {
  readonly root: string;
  /** Version of Ultralytics. */
  readonly version: string;
}

/** State shared by all splits of a dataset. */
export interface ReadContext {
  readonly labels: LabelFiles;
  readonly duplicates: DuplicateFinder;
  readonly budget: ReadingBudget;
  readonly hasher: ContentHasher;
  readonly findings: Findings;
  readonly yielder: Yielder;
  /** Number of images in earlier splits, which images are numbered after. */
  imagesBefore: number;
}

/** Inspects every image and label of a split, and prepares them for upload. */
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
    // A label shared with an earlier image was already reported.
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

/** Returns whether a label mixes boxes and outlines, when it is read again for the upload. */
const isMixed = (text: string, rules: LabelRules): boolean =>
  rules.task === "detect" && readLabel(text, rules, new Tally(), () => {}).isMixed;

function getFirst(images: Iterable<FoundImage>): FoundImage | undefined {
  for (const image of images) return image;
  return undefined;
}
