import type { Findings } from "./findings.ts";
import type { LabelRules } from "./label-rules.ts";
import type { DataYaml } from "./read-yaml.ts";
import type { RowShape } from "./row-shapes.ts";
import type { Tally } from "./tally.ts";

/** What only shows when the rows of all splits are known. */
export function judgeRows(
  tallies: readonly Tally[],
  rules: LabelRules,
  yaml: DataYaml,
  findings: Findings,
): void {
  const count = (shape: RowShape): number => tallies.reduce((sum, { shapes }) => sum + shapes[shape], 0);
  const warning = (kind: string, message: string, key?: string) =>
    findings.warning(kind, yaml.file, message, key === undefined ? undefined : yaml.lineOf(key));
  const [outlines, points] = [count("outline"), count("points")];
  if (rules.task === "detect" && outlines > 0) {
    findings.drop("three corners");
    const labels = outlines + count("triangle");
    warning("outlines", `${labels} labels are outlines; detection takes the boxes around them.`);
  }
  if (rules.task === "obb" && outlines > 0) {
    const message = `${outlines} labels have more than four corners: the smallest turned boxes around them are taken.`;
    warning("outlines", message);
  }
  if (rules.task === "detect" && points > 0) {
    warning(
      "rows with key points",
      `${points} labels have key points; detection takes their boxes only.`,
      "kpt_shape",
    );
  }
  const shownPoints = tallies.reduce((sum, tally) => sum + tally.shownPoints, 0);
  if (rules.task === "pose" && points > 0 && shownPoints === 0) {
    findings.error(
      "hidden points",
      yaml.file,
      "No key point of the set is said to be there: every one has visible 0.",
    );
  }
  judgeIds(tallies, rules, findings);
  judgeTask(tallies, rules, count, findings);
}

/** Ids from 1 to the number of classes were counted from 1: most of the set would be dropped, and the rest learn the wrong class. */
function judgeIds(tallies: readonly Tally[], { classes, singleClass }: LabelRules, findings: Findings): void {
  const ids = new Set(tallies.flatMap((tally) => [...tally.ids.keys()]));
  if (singleClass || ids.size === 0 || Math.min(...ids) !== 1 || Math.max(...ids) !== classes) return;
  const range = classes === 1 ? "is only 1" : `go from 1 to ${classes}`;
  const names = classes === 1 ? "names only 0" : `names 0 to ${classes - 1}`;
  findings.replace(
    "class ids",
    `The class ids of the set ${range}: they count from 1, but YOLO counts from 0 and data.yaml ${names}. Take 1 off each id.`,
  );
}

/** Labels that are all of another task's form read as one mistake. */
function judgeTask(
  tallies: readonly Tally[],
  { task }: LabelRules,
  count: (shape: RowShape) => number,
  findings: Findings,
): void {
  const rows = tallies.reduce((sum, tally) => sum + tally.rows, 0);
  const all = (shape: RowShape): boolean => rows > 0 && count(shape) === rows;
  const instead = (what: string, other: string) =>
    findings.replace(
      "column counts",
      `All ${rows} labels are ${what}, which ${task} cannot learn from: choose a model for ${other}.`,
    );
  if (task !== "detect" && all("box")) instead("plain boxes", "detect");
  else if ((task === "segment" || task === "obb") && all("points")) instead("boxes with key points", "pose");
}
