import { dirname } from "node:path";
import type { DataSource } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { type CheckedSet, locationOf, summaryOf } from "./checked-set.ts";
import { classCounts } from "./class-counts.ts";
import { classNames } from "./class-names.ts";
import { Copies } from "./copies.ts";
import { findYaml } from "./find-yaml.ts";
import type { Findings } from "./findings.ts";
import { judgeRows } from "./judge-rows.ts";
import { judgeSplit, type ReadSplitOf } from "./judge-split.ts";
import { keyPointsOf } from "./key-points.ts";
import { LabelFiles } from "./label-files.ts";
import type { Pace } from "./pace.ts";
import { readSplit } from "./read-split.ts";
import { readYaml } from "./read-yaml.ts";
import { ReadingBudget } from "./reading-budget.ts";
import type { RowTask } from "./row-shapes.ts";
import { shippedYaml } from "./shipped-yaml.ts";
import { findSplits, type SplitName } from "./splits.ts";
import { judgeUnused } from "./unused-labels.ts";

/** A set of pictures with a label each, described by a data.yaml. */
export async function checkLabelled(
  source: DataSource,
  task: RowTask,
  options: CheckedOptions,
  findings: Findings,
  pace: Pace,
): Promise<CheckedSet> {
  const file = findYaml(source);
  const yaml = readYaml(file);
  const names = classNames(yaml, findings);
  const { root, splits } = findSplits(yaml, dirname(file), splitNames(options), findings);
  const rules = {
    task,
    root,
    // With no names there is a finding already: then no id is out of range.
    classes: names?.length ?? Number.POSITIVE_INFINITY,
    singleClass: options.arguments.single_cls === true,
    keyPoints: keyPointsOf(yaml, task === "pose", findings),
  };
  const gathered = {
    labels: new LabelFiles(),
    copies: new Copies(),
    budget: new ReadingBudget(),
    findings,
    pace,
  };
  const read: ReadSplitOf[] = [];
  for (const split of splits) read.push({ split, content: await readSplit(split, rules, gathered) });

  for (const one of read) judgeSplit(one, yaml, findings);
  const tallies = read.map(({ content }) => content.tally);
  judgeRows(tallies, rules, yaml, findings);
  const contentOf = (name: SplitName) => read.find(({ split }) => split.name === name)?.content;
  gathered.copies.tell(contentOf("val")?.images ?? 0, findings);
  const entries = read.flatMap(({ content }) => content.entries);
  judgeUnused(entries, gathered.labels, findings);
  const shipped = shippedYaml(
    yaml,
    read.map(({ split }) => split.name),
    names ?? [],
  );
  return {
    entries: [shipped, ...entries],
    summary: summaryOf(
      read.map(({ split, content }) => ({ name: split.name, images: content.images })),
      names?.length ?? 0,
    ),
    location: locationOf(file, contentOf("val")?.firstImage),
    classes:
      names === undefined
        ? undefined
        : classCounts(names, rules.singleClass, contentOf("train")?.tally, contentOf("val")?.tally),
  };
}

const splitNames = (options: CheckedOptions): readonly SplitName[] =>
  options.arguments.split === "test" ? ["train", "val", "test"] : ["train", "val"];
