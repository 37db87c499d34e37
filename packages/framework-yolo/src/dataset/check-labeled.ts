import { dirname } from "node:path";
import { type DataSource, formatCount } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { checkRequestedClasses } from "./check-requested-classes.ts";
import { checkRows } from "./check-rows.ts";
import { checkSplit, type SplitResult } from "./check-split.ts";
import { type CheckedDataset, getLocation, summarize } from "./checked-dataset.ts";
import { countClassObjects } from "./class-counts.ts";
import { readClassNames } from "./class-names.ts";
import { ContentHasher } from "./content-hasher.ts";
import { DuplicateFinder } from "./duplicate-finder.ts";
import { findYaml } from "./find-yaml.ts";
import type { Findings } from "./findings.ts";
import { readKeyPoints } from "./key-points.ts";
import { LabelFiles } from "./label-files.ts";
import { type ReadContext, readSplit, type SplitRules } from "./read-split.ts";
import { readYaml } from "./read-yaml.ts";
import { ReadingBudget } from "./reading-budget.ts";
import type { RowTask } from "./row-shapes.ts";
import { settleDamage } from "./settle-damage.ts";
import { createShippedYaml } from "./shipped-yaml.ts";
import { findSplits, type Split, type SplitName } from "./splits.ts";
import { reportUnusedLabels } from "./unused-labels.ts";
import type { Yielder } from "./yielder.ts";

/** Checks a dataset of images with label files, described by a data.yaml. */
export async function checkLabeled(
  source: DataSource,
  task: RowTask,
  options: CheckedOptions,
  findings: Findings,
  yielder: Yielder,
): Promise<CheckedDataset> {
  const file = await findYaml(source, findings);
  const yaml = await readYaml(file);
  const names = readClassNames(yaml, findings);
  const { root, splits } = findSplits(yaml, dirname(file), getSplitNames(options), findings);
  const rules = {
    task,
    root,
    version: options.version,
    // Without names there is already a finding; no id counts as out of range then.
    classes: names?.length ?? Number.POSITIVE_INFINITY,
    singleClass: options.arguments.single_cls === true,
    keyPoints: readKeyPoints(yaml, task === "pose", findings),
  };
  const labels = new LabelFiles();
  const duplicates = new DuplicateFinder();
  const budget = new ReadingBudget();
  const hasher = new ContentHasher();
  const context = { labels, duplicates, budget, hasher, findings, yielder, imagesBefore: 0 };
  const read = await readSplits(splits, rules, context);
  for (const path of [file, dirname(file), ...labels.listFolders()]) findings.inspect(path);
  const distinct = read.filter(({ sameAs }) => sameAs === undefined);

  const tallies = distinct.map(({ content }) => content.tally);
  checkRows(tallies, rules, yaml, findings);
  const findContent = (name: SplitName) => read.find(({ split }) => split.name === name)?.content;
  warnAboutConvertedLabels(distinct, file, findings);
  reportUnusedLabels(
    distinct.map(({ content }) => content.shipped),
    labels,
    findings,
  );
  for (const split of distinct) checkSplit(split, yaml, findings);
  for (const { split, sameAs } of read) {
    if (sameAs !== "train") continue;
    const message = `All images of ${split.name} are in train too: the metrics will look better than the model is.`;
    findings.warning("images of val in train", file, message, split.line);
  }
  duplicates.report(findContent("val")?.images ?? 0, findings);
  if (names !== undefined) checkRequestedClasses(options, names, tallies[0], yaml.file, findings);
  settleDamage(
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
    unsorted: [await createShippedYaml(yaml, folders, names ?? [])],
    sortedGroups: [
      ...bySplit.map((shipped) => () => shipped.imageEntries()),
      ...bySplit.map((shipped) => () => shipped.labelEntries()),
    ],
    summary: summarize(
      read.map(({ split, content }) => ({ name: split.name, images: content.shipped.count })),
      names?.length ?? 0,
      findings.skippedImages.size,
    ),
    location: getLocation(file, findContent("val")?.firstImage),
    classes:
      names === undefined
        ? undefined
        : countClassObjects(names, rules.singleClass, findContent("train")?.tally, findContent("val")?.tally),
  };
}

/** Reads each split. Splits with the same sources, such as `val: train`, are read, counted and uploaded once. */
async function readSplits(
  splits: readonly Split[],
  rules: SplitRules,
  context: ReadContext,
): Promise<readonly SplitResult[]> {
  const read: SplitResult[] = [];
  for (const split of splits) {
    const key = split.sources.join("\0");
    const same = read.find(
      (candidate) => candidate.split.sources.length > 0 && candidate.split.sources.join("\0") === key,
    );
    read.push(
      same === undefined
        ? { split, content: await readSplit(split, rules, context) }
        : { split, content: same.content, sameAs: same.split.name },
    );
  }
  return read;
}

function warnAboutConvertedLabels(read: readonly SplitResult[], file: string, findings: Findings): void {
  const count = read.reduce((sum, { content }) => sum + content.convertedLabels, 0);
  if (count === 0) return;
  const are = formatCount(count, "label file mixes", "label files mix");
  const message = `${are} boxes (5 columns) with outlines, which YOLO would misread: in the upload the outlines are replaced by the boxes around them. Your files stay as they are.`;
  findings.warning("mixed boxes and outlines", file, message);
}

const getSplitNames = (options: CheckedOptions): readonly SplitName[] =>
  options.arguments.split === "test" ? ["train", "val", "test"] : ["train", "val"];
