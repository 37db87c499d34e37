import { readFileSync, realpathSync, statSync } from "node:fs";
import type { ManifestEntry } from "@unitrain/core/spec";
import { type Findings, shownPath } from "./findings.ts";
import { inspectImage } from "./image-file.ts";
import type { LabelFiles } from "./label-files.ts";
import { type LabelFault, type LabelRules, readLabel } from "./label-lines.ts";
import { readListFile } from "./list-file.ts";
import { namesWithin, shippedLabelPath } from "./names.ts";
import type { Pace } from "./pace.ts";
import type { Split } from "./splits.ts";
import { codeOf, type FoundImage, walk } from "./walk.ts";

/** What one split holds. */
export interface ReadSplit {
  readonly images: number;
  readonly labelled: number;
  /** Of all labels together. */
  readonly lines: number;
  readonly outlines: number;
  readonly poses: number;
  /** Lines of seven columns, to be judged when all of the set is known. */
  readonly triangles: readonly { readonly file: string; readonly fault: LabelFault }[];
  readonly entries: readonly ManifestEntry[];
  /** The first picture's, to say where labels are looked for. */
  readonly firstImage: FoundImage | undefined;
}

export interface SplitRules extends LabelRules {
  readonly root: string;
}

/** A label is text of some lines; what is larger is another file with that name. */
const largestLabelBytes = 32 * 1024 * 1024;

/** Looks at every picture and label of a split, and lays them out as they are shipped. */
export async function readSplit(
  split: Split,
  rules: SplitRules,
  labels: LabelFiles,
  findings: Findings,
  pace: Pace,
): Promise<ReadSplit> {
  const images = await findImages(split, rules.root, findings, pace);
  const names = namesWithin(split.sources, images);
  const entries: ManifestEntry[] = [];
  const triangles: { file: string; fault: LabelFault }[] = [];
  const labelOwners = new Map<string, string>();
  let labelled = 0;
  let lines = 0;
  let outlines = 0;
  let poses = 0;
  for (const [index, image] of images.entries()) {
    await pace.step();
    const { sizeBytes, fault } = inspectImage(image.file);
    if (fault !== undefined) findings.error("pictures", image.path, fault);
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
    const content = readText(label, findings);
    if (content === undefined) continue;
    entries.push({ path: labelPath, from: { file: label }, sizeBytes: content.sizeBytes });
    const report = readLabel(content.text, rules);
    lines += report.lines;
    outlines += report.outlines;
    poses += report.poses;
    triangles.push(...report.triangles.map((triangle) => ({ file: label, fault: triangle })));
    for (const { severity, kind, message, line } of report.faults)
      findings[severity](kind, label, message, line);
  }
  return {
    images: images.length,
    labelled,
    lines,
    outlines,
    poses,
    triangles,
    entries,
    firstImage: images[0],
  };
}

async function findImages(split: Split, root: string, findings: Findings, pace: Pace): Promise<FoundImage[]> {
  const images: FoundImage[] = [];
  for (const source of new Set(split.sources)) {
    const found = statSync(source);
    if (found.isDirectory()) images.push(...(await walk(source, findings, pace)));
    else if (found.isFile() && /\.txt$/i.test(source))
      images.push(...(await readListFile(source, root, findings, pace)));
    else
      findings.error(
        "splits",
        realpathSync(source),
        `${split.name} names this, which is neither a folder nor a list (.txt).`,
      );
  }
  return [...new Map(images.map((image) => [image.path, image])).values()];
}

function readText(
  file: string,
  findings: Findings,
): { readonly text: string; readonly sizeBytes: number } | undefined {
  try {
    const { size } = statSync(file);
    if (size > largestLabelBytes) {
      findings.error("labels", file, "This is too large to be a label.");
      return undefined;
    }
    const bytes = readFileSync(file);
    return { text: bytes.toString("utf8"), sizeBytes: bytes.length };
  } catch (cause) {
    findings.error("labels", file, `This label cannot be read (${codeOf(cause)}).`);
    return undefined;
  }
}
