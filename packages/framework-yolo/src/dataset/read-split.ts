import type { ManifestEntry } from "@unitrain/core/spec";
import type { Copies } from "./copies.ts";
import { findImages } from "./find-images.ts";
import { type Findings, shownPath } from "./findings.ts";
import { inspectImage } from "./image-file.ts";
import type { LabelFiles } from "./label-files.ts";
import { readLabel } from "./label-lines.ts";
import type { LabelRules } from "./label-rules.ts";
import { namesWithin, shippedLabelPath } from "./names.ts";
import type { Pace } from "./pace.ts";
import { plainLabel } from "./plain-label.ts";
import { readLabelText } from "./read-label.ts";
import type { ReadingBudget } from "./reading-budget.ts";
import type { Split } from "./splits.ts";
import { Tally } from "./tally.ts";
import type { FoundImage } from "./walk.ts";

/** What one split holds. */
export interface ReadSplit {
  readonly images: number;
  readonly labelled: number;
  readonly tally: Tally;
  readonly entries: readonly ManifestEntry[];
  /** The first picture's, to say where labels are looked for. */
  readonly firstImage: FoundImage | undefined;
}

export interface SplitRules extends LabelRules {
  readonly root: string;
}

/** What is gathered over all splits of a set. */
export interface Gathered {
  readonly labels: LabelFiles;
  readonly copies: Copies;
  readonly budget: ReadingBudget;
  readonly findings: Findings;
  readonly pace: Pace;
}

/** Looks at every picture and label of a split, and lays them out as they are shipped. */
export async function readSplit(split: Split, rules: SplitRules, gathered: Gathered): Promise<ReadSplit> {
  const { labels, copies, budget, findings, pace } = gathered;
  const images = await findImages(split, rules.root, findings, pace);
  const names = namesWithin(split.sources, images);
  const entries: ManifestEntry[] = [];
  const labelOwners = new Map<string, string>();
  const tally = new Tally();
  let labelled = 0;
  for (const [index, image] of images.entries()) {
    await pace.step();
    const { sizeBytes, fault, key } = inspectImage(image.file, budget);
    if (fault !== undefined) findings.error("pictures", image.path, fault);
    copies.add(split.name, image, key);
    const path = `images/${split.name}/${names[index] ?? ""}`;
    entries.push({ path, from: { file: image.file }, sizeBytes });
    const label = labels.of(image);
    if (label === undefined) continue;
    labelled++;
    const labelPath = shippedLabelPath(path);
    const owner = labelOwners.get(labelPath);
    if (owner !== undefined) {
      findings.warning("shared labels", image.path, `Has the same label as ${shownPath(owner)}.`);
      continue;
    }
    labelOwners.set(labelPath, image.path);
    const content = readLabelText(label, findings);
    if (content === undefined) continue;
    const { isPlain } = readLabel(content.text, rules, tally, (line, { severity, kind, message }) =>
      findings[severity](kind, label, message, line),
    );
    entries.push(
      isPlain
        ? { path: labelPath, from: { file: label }, sizeBytes: content.sizeBytes }
        : withBytes(labelPath, plainLabel(content.text, rules)),
    );
  }
  return { images: images.length, labelled, tally, entries, firstImage: images[0] };
}

const withBytes = (path: string, bytes: Uint8Array): ManifestEntry => ({
  path,
  from: { bytes },
  sizeBytes: bytes.length,
});
