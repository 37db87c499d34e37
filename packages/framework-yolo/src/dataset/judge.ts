import { basename, extname } from "node:path";
import { type Findings, shownPath } from "./findings.ts";
import { type LabelFiles, labelPaths } from "./label-files.ts";
import type { ReadSplit } from "./read-split.ts";
import type { DataYaml } from "./read-yaml.ts";
import type { Split } from "./splits.ts";
import { isImageName } from "./walk.ts";

/** A split, and what was found in it. */
export interface ReadSplitOf {
  readonly split: Split;
  readonly content: ReadSplit;
}

/** What is wrong with a split as a whole. */
export function judgeSplit(split: Split, content: ReadSplit, yaml: DataYaml, findings: Findings): void {
  if (split.sources.length === 0) return;
  const where = split.sources.map(shownPath).join(", ");
  if (content.images === 0) {
    findings.error("splits", yaml.file, `${split.name} has no pictures: ${where} holds none.`, split.line);
    return;
  }
  if (content.labelled === 0) {
    const expected = content.firstImage === undefined ? undefined : labelPaths(content.firstImage.path)[0];
    const example =
      expected === undefined ? "" : `; for the first picture it would be ${shownPath(expected)}`;
    findings.error("labels", yaml.file, `${split.name} has no labels at all${example}.`, split.line);
    return;
  }
  if (content.lines === 0) {
    findings.error(
      "labels",
      yaml.file,
      `All labels of ${split.name} are empty: there is nothing to learn.`,
      split.line,
    );
  } else if (content.labelled * 2 < content.images) {
    const missing = content.images - content.labelled;
    const message = `${missing} of ${content.images} pictures of ${split.name} have no label: they are taken as backgrounds.`;
    findings.warning("labels", yaml.file, message, split.line);
  }
}

/** What only shows when all splits are known. */
export function judgeTogether(
  read: readonly ReadSplitOf[],
  yaml: DataYaml,
  labels: LabelFiles,
  findings: Findings,
): void {
  const outlines = read.reduce((sum, { content }) => sum + content.outlines, 0);
  if (outlines > 0) {
    const message = `${outlines} labels are outlines; detection takes the boxes around them.`;
    findings.warning("outlines", yaml.file, message);
  } else {
    for (const { file, fault } of read.flatMap(({ content }) => content.triangles)) {
      findings.error(fault.kind, file, fault.message, fault.line);
    }
  }
  const poses = read.reduce((sum, { content }) => sum + content.poses, 0);
  if (poses > 0) {
    const message = `${poses} labels have key points; detection takes their boxes only.`;
    findings.warning("key points", yaml.file, message, yaml.lineOf("kpt_shape"));
  }
  const [train, val] = read;
  if (train !== undefined && val !== undefined && sameSources(train.split, val.split)) {
    const message = "train and val are the same pictures: the figures will look better than the model is.";
    findings.warning("splits", yaml.file, message, val.split.line);
  }
  judgeUnused(read, labels, findings);
}

const sameSources = (a: Split, b: Split): boolean =>
  a.sources.length > 0 &&
  a.sources.length === b.sources.length &&
  a.sources.every((source) => b.sources.includes(source));

/** Labels without a picture; those that miss one only by case or by the way an accent is written are a mistake for sure. */
function judgeUnused(read: readonly ReadSplitOf[], labels: LabelFiles, findings: Findings): void {
  const unused = labels.unused();
  if (unused.length === 0) return;
  const stems = new Map<string, string>();
  for (const { content } of read) {
    for (const { path, from } of content.entries) {
      if (path.startsWith("images/") && "file" in from) stems.set(alike(basename(from.file)), from.file);
    }
  }
  for (const label of unused) {
    const image = stems.get(alike(basename(label)));
    if (image !== undefined && differs(image, label)) {
      const message = `Is meant for ${shownPath(image)}, but is not spelled like it: YOLO would not find it.`;
      findings.error("spelling of labels", label, message);
    } else findings.warning("labels without a picture", label, "There is no picture for this label.");
  }
}

const stem = (name: string): string => basename(name, extname(name));
/** `a.jpg.txt` is meant for `a.jpg` too. */
const alike = (name: string): string => {
  const once = stem(name);
  return (isImageName(once) ? stem(once) : once).normalize("NFC").toLowerCase();
};
const differs = (image: string, label: string): boolean =>
  stem(image) !== stem(label) || extname(label) !== ".txt";
