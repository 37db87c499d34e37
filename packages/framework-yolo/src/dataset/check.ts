import { dirname } from "node:path";
import type { CallContext, DataSource, DatasetReport } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { weightsToShip } from "../options/weights.ts";
import { classNames } from "./class-names.ts";
import { findYaml } from "./find-yaml.ts";
import { Findings } from "./findings.ts";
import { judgeSplit, judgeTogether, type ReadSplitOf } from "./judge.ts";
import { LabelFiles } from "./label-files.ts";
import { manifestOf } from "./manifest.ts";
import { Pace } from "./pace.ts";
import { readSplit } from "./read-split.ts";
import { type DataYaml, readYaml } from "./read-yaml.ts";
import { shippedYaml } from "./shipped-yaml.ts";
import { findSplits, type SplitName } from "./splits.ts";

/** Looks through a detection set on this computer and lays out what is shipped of it. Writes nothing. */
export async function checkDataset(
  source: DataSource,
  options: CheckedOptions,
  context: Pick<CallContext, "signal">,
): Promise<DatasetReport> {
  const weights = await weightsToShip(options);
  const file = findYaml(source);
  const yaml = readYaml(file);
  const findings = new Findings();
  const pace = new Pace(context.signal);
  const names = classNames(yaml, findings);
  const { root, splits } = findSplits(yaml, dirname(file), splitNames(options), findings);
  const rules = {
    root,
    // With no names there is a finding already: then no id is out of range.
    classes: names?.length ?? Number.POSITIVE_INFINITY,
    singleClass: options.arguments.single_cls === true,
    poseColumns: poseColumns(yaml),
  };
  const labels = new LabelFiles();
  const read: ReadSplitOf[] = [];
  for (const split of splits)
    read.push({ split, content: await readSplit(split, rules, labels, findings, pace) });

  for (const { split, content } of read) judgeSplit(split, content, yaml, findings);
  judgeTogether(read, yaml, labels, findings);
  const shipped = shippedYaml(
    yaml,
    read.map(({ split }) => split.name),
    names ?? [],
  );
  return {
    manifest: manifestOf([shipped, ...weights, ...read.flatMap(({ content }) => content.entries)]),
    summary: summaryOf(read, names?.length ?? 0),
    findings: findings.all(),
  };
}

const splitNames = (options: CheckedOptions): readonly SplitName[] =>
  options.arguments.split === "test" ? ["train", "val", "test"] : ["train", "val"];

/** `kpt_shape: [17, 3]`: a row of the set has five columns and 51 more. */
function poseColumns(yaml: DataYaml): number | undefined {
  const shape = yaml.values.kpt_shape;
  if (!Array.isArray(shape) || !shape.every((side) => Number.isInteger(side))) return undefined;
  return 5 + shape.reduce((product: number, side: number) => product * side, 1);
}

function summaryOf(read: readonly ReadSplitOf[], classes: number): string {
  const counts = read.map(({ split, content }) => `${content.images} ${split.name}`).join(" + ");
  return `${counts} images, ${classes} ${classes === 1 ? "class" : "classes"}`;
}
