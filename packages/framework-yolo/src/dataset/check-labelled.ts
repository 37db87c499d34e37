import { dirname } from "node:path";
import type { DataSource } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { type CheckedSet, locationOf, summaryOf } from "./checked-set.ts";
import { classCounts } from "./class-counts.ts";
import { classNames } from "./class-names.ts";
import { DuplicateFinder } from "./duplicate-finder.ts";
import { findYaml } from "./find-yaml.ts";
import type { Findings } from "./findings.ts";
import { judgeClassesWanted } from "./judge-classes-wanted.ts";
import { judgeDamage } from "./judge-damage.ts";
import { judgeRows } from "./judge-rows.ts";
import { judgeSplit, type ReadSplitOf } from "./judge-split.ts";
import { keyPointsOf } from "./key-points.ts";
import { LabelFiles } from "./label-files.ts";
import { type Gathered, readSplit, type SplitRules } from "./read-split.ts";
import { readYaml } from "./read-yaml.ts";
import { ReadingBudget } from "./reading-budget.ts";
import type { RowTask } from "./row-shapes.ts";
import { shippedYaml } from "./shipped-yaml.ts";
import { findSplits, type Split, type SplitName } from "./splits.ts";
import { judgeUnused } from "./unused-labels.ts";
import type { Yielder } from "./yielder.ts";

/** A set of images with a label each, described by a data.yaml. */
export async function checkLabelled(
  source: DataSource,
  task: RowTask,
  options: CheckedOptions,
  findings: Findings,
  yielder: Yielder,
): Promise<CheckedSet> {
  const file = findYaml(source, findings);
  const yaml = readYaml(file);
  const names = classNames(yaml, findings);
  const { root, splits } = findSplits(yaml, dirname(file), splitNames(options), findings);
  const rules = {
    task,
    root,
    version: options.version,
    // With no names there is a finding already: then no id is out of range.
    classes: names?.length ?? Number.POSITIVE_INFINITY,
    singleClass: options.arguments.single_cls === true,
    keyPoints: keyPointsOf(yaml, task === "pose", findings),
  };
  const labels = new LabelFiles();
  const duplicates = new DuplicateFinder();
  const budget = new ReadingBudget();
  const gathered = { labels, duplicates, budget, findings, yielder, imagesBefore: 0 };
  const read = await readSplits(splits, rules, gathered);
  const distinct = read.filter(({ sameAs }) => sameAs === undefined);

  const tallies = distinct.map(({ content }) => content.tally);
  judgeRows(tallies, rules, yaml, findings);
  const contentOf = (name: SplitName) => read.find(({ split }) => split.name === name)?.content;
  warnOfConverted(distinct, file, findings);
  judgeUnused(
    distinct.map(({ content }) => content.shipped),
    labels,
    findings,
  );
  for (const split of distinct) judgeSplit(split, yaml, findings);
  for (const { split, sameAs } of read) {
    if (sameAs !== "train") continue;
    const message = `All images of ${split.name} are in train too: the figures will look better than the model is.`;
    findings.warning("images of val in train", file, message, split.line);
  }
  duplicates.tell(contentOf("val")?.images ?? 0, findings);
  if (names !== undefined) judgeClassesWanted(options, names, tallies[0], yaml.file, findings);
  judgeDamage(
    distinct.reduce((sum, { content }) => sum + content.shipped.count, 0),
    options,
    file,
    findings,
  );
  const bySplit = [...distinct]
    .sort((a, b) => (a.split.name < b.split.name ? -1 : 1))
    .map(({ content }) => content.shipped);
  const folders = Object.fromEntries(
    read.map(({ split, sameAs }) => [split.name, `images/${sameAs ?? split.name}`]),
  );
  return {
    few: [shippedYaml(yaml, folders, names ?? [])],
    many: [
      ...bySplit.map((shipped) => () => shipped.imageEntries()),
      ...bySplit.map((shipped) => () => shipped.labelEntries()),
    ],
    summary: summaryOf(
      read.map(({ split, content }) => ({ name: split.name, images: content.shipped.count })),
      names?.length ?? 0,
      findings.leftOut.size,
    ),
    location: locationOf(file, contentOf("val")?.firstImage),
    classes:
      names === undefined
        ? undefined
        : classCounts(names, rules.singleClass, contentOf("train")?.tally, contentOf("val")?.tally),
  };
}

/** Each split's content; that of `val: train` is read, counted and shipped once. */
async function readSplits(
  splits: readonly Split[],
  rules: SplitRules,
  gathered: Gathered,
): Promise<readonly ReadSplitOf[]> {
  const read: ReadSplitOf[] = [];
  for (const split of splits) {
    const key = split.sources.join("\0");
    const same = read.find(
      (candidate) => candidate.split.sources.length > 0 && candidate.split.sources.join("\0") === key,
    );
    read.push(
      same === undefined
        ? { split, content: await readSplit(split, rules, gathered) }
        : { split, content: same.content, sameAs: same.split.name },
    );
  }
  return read;
}

function warnOfConverted(read: readonly ReadSplitOf[], file: string, findings: Findings): void {
  const count = read.reduce((sum, { content }) => sum + content.convertedLabels, 0);
  if (count === 0) return;
  const are = count === 1 ? "1 label file mixes" : `${count.toLocaleString("en-US")} label files mix`;
  const message = `${are} boxes (5 columns) with outlines, which YOLO would misread: in the upload the outlines are replaced by the boxes around them. Your files stay as they are.`;
  findings.warning("mixed boxes and outlines", file, message);
}

const splitNames = (options: CheckedOptions): readonly SplitName[] =>
  options.arguments.split === "test" ? ["train", "val", "test"] : ["train", "val"];
