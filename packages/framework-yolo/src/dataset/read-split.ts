import type { DuplicateFinder } from "./duplicate-finder.ts";
import { findImages } from "./find-images.ts";
import { type Findings, shownPath } from "./findings.ts";
import { inspectImage } from "./image-file.ts";
import type { FoundImage } from "./image-list.ts";
import type { LabelFiles } from "./label-files.ts";
import { readLabel } from "./label-lines.ts";
import type { LabelRules } from "./label-rules.ts";
import { namesWithin, shippedLabelPath } from "./names.ts";
import { plainLabel } from "./plain-label.ts";
import { readLabelText } from "./read-label.ts";
import type { ReadingBudget } from "./reading-budget.ts";
import { ShippedSplit } from "./shipped-split.ts";
import type { Split } from "./splits.ts";
import { Tally } from "./tally.ts";
import type { Yielder } from "./yielder.ts";

/** What one split holds. */
export interface ReadSplit {
  /** All that were found, also those that are left out. */
  readonly images: number;
  readonly labelled: number;
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
export interface Gathered {
  readonly labels: LabelFiles;
  readonly duplicates: DuplicateFinder;
  readonly budget: ReadingBudget;
  readonly findings: Findings;
  readonly yielder: Yielder;
  /** How many images the splits before this one had: their numbers are taken. */
  imagesBefore: number;
}

/** Looks at every image and label of a split, and lays them out as they are shipped. */
export async function readSplit(split: Split, rules: SplitRules, gathered: Gathered): Promise<ReadSplit> {
  const { labels, duplicates, budget, findings, yielder, imagesBefore } = gathered;
  const images = await findImages(split, rules.root, findings, yielder);
  const nameOf = namesWithin(split.sources, images);
  const pathOf = (image: FoundImage) => `images/${split.name}/${nameOf(image)}`;
  const labelOf = (image: FoundImage) => ({
    file: labels.fileOf(image),
    rewrite: (text: string) => plainLabel(text, rules, { isMixed: isMixed(text, rules) }),
  });
  const shipped = new ShippedSplit(images, findings.leftOut, pathOf, shippedLabelPath, labelOf);
  const tally = new Tally();
  const counts = { labelled: 0, damagedLabels: 0, convertedLabels: 0 };
  gathered.imagesBefore += images.length;
  yielder.expect(images.length);
  duplicates.open(split.name, images);
  let index = -1;
  for (const image of images) {
    index++;
    await yielder.image();
    const isKnownDamage = findings.leftOut.has(image.path);
    const { sizeBytes, fault, key } = inspectImage(image.file, budget, rules.version);
    if (fault !== undefined && !isKnownDamage) findings.damage("images", image.path, image.path, fault);
    duplicates.add(split.name, image, key);
    shipped.setImage(index, sizeBytes);
    const label = labels.forImage(image, imagesBefore + index + 1);
    if (label === undefined) continue;
    if ("fault" in label) {
      findings.damage("labels", image.path, label.path, label.fault);
      continue;
    }
    counts.labelled++;
    const ownerIndex = label.askedBefore - 1 - imagesBefore;
    if (ownerIndex >= 0) {
      const owner = images.at(ownerIndex);
      if (shippedLabelPath(pathOf(owner)) === shippedLabelPath(pathOf(image))) {
        findings.warning("shared labels", image.path, `Has the same label as ${shownPath(owner.path)}.`);
      }
    }
    const content = readLabelText(label.file, (message) =>
      findings.damage("labels", image.path, label.file, message),
    );
    if (content === undefined) {
      counts.damagedLabels++;
      continue;
    }
    // A label of another image too has been reported there.
    const isReported = label.askedBefore !== 0;
    let isDamaged = false;
    const { isPlain, isMixed, ids } = readLabel(content.text, rules, tally, (line, fault) => {
      const { severity, kind, message } = fault;
      isDamaged ||= severity === "error";
      if (isReported && severity === "error") findings.leaveOut(image.path);
      if (isReported) return;
      if (severity === "error") findings.damage(kind, image.path, label.file, message, line);
      else findings.warning(kind, label.file, message, line);
    });
    if (isDamaged) counts.damagedLabels++;
    else if (fault === undefined) tally.keep(ids);
    if (isMixed && !isDamaged) counts.convertedLabels++;
    if (isPlain || isDamaged) shipped.setLabel(index, content.sizeBytes);
    else shipped.setRewrittenLabel(index, plainLabel(content.text, rules, { isMixed }).length);
  }
  return { images: images.length, ...counts, tally, shipped, firstImage: firstOf(images) };
}

/** Once the labels were read: whether this text is one that mixes boxes and outlines. */
const isMixed = (text: string, rules: LabelRules): boolean =>
  rules.task === "detect" && readLabel(text, rules, new Tally(), () => {}).isMixed;

function firstOf(images: Iterable<FoundImage>): FoundImage | undefined {
  for (const image of images) return image;
  return undefined;
}
