import type { DataYaml } from "./data-yaml.ts";
import type { Findings } from "./findings.ts";
import type { LabelRules } from "./label-rules.ts";
import { PoseRows } from "./pose-rows.ts";
import type { RowShape } from "./row-shapes.ts";
import type { Tally } from "./tally.ts";

/** Checks properties of all rows together, such as ids that start at 1. */
export function checkRows(
  tallies: readonly Tally[],
  rules: LabelRules,
  yaml: DataYaml,
  findings: Findings,
): void {
  const count = (shape: RowShape): number => tallies.reduce((sum, { shapes }) => sum + shapes[shape], 0);
  const warning = (kind: string, message: string, key?: string) =>
    findings.warning(kind, yaml.file, message, key === undefined ? undefined : yaml.getLine(key));
  const [outlines, points] = [count("outline"), count("points")];
  if (isPoseSet(tallies, rules, count, yaml, findings)) return;
  if (rules.task === "detect") checkOutlines(tallies, outlines, count("triangle"), yaml, findings);
  if (rules.task === "obb" && outlines > 0) {
    const message = `${outlines} labels have more than four corners: the smallest turned boxes around them are used.`;
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
      "No key point of the dataset is visible: all have visibility 0.",
    );
  }
  checkIds(tallies, rules, findings);
  checkTask(tallies, rules, count, findings);
}

/** Reports outlines in a detection dataset. Three corners may also be a box with two extra columns. */
function checkOutlines(
  tallies: readonly Tally[],
  outlines: number,
  triangles: number,
  yaml: DataYaml,
  findings: Findings,
): void {
  if (outlines + triangles === 0) return;
  const likeBoxes = tallies.reduce((sum, { triangleLikeBoxes }) => sum + triangleLikeBoxes, 0);
  if (outlines === 0 && likeBoxes === triangles) {
    const message = `${triangles} rows have 7 columns and end in a whole number: they look like boxes with two columns too many, and YOLO would read them as outlines. Keep class x y width height.`;
    findings.error("rows of seven columns", yaml.file, message);
    return;
  }
  const count = outlines + triangles;
  const are = count === 1 ? "1 label is an outline" : `${count} labels are outlines`;
  const message = `${are}; detection takes the box around each.`;
  findings.warning("outlines", yaml.file, message);
}

/**
 * Returns whether the labels are for pose although `kpt_shape` is missing. They would be read as outlines, which gives
 * wrong boxes without an error.
 */
function isPoseSet(
  tallies: readonly Tally[],
  { task }: LabelRules,
  count: (shape: RowShape) => number,
  yaml: DataYaml,
  findings: Findings,
): boolean {
  if (task === "pose") return false;
  const suspected = PoseRows.join(tallies.map(({ poseRows }) => poseRows)).guessShape(count("box"));
  if (suspected === undefined) return false;
  const { columns, shape } = suspected;
  const flags = shape[1] === 3 ? ", each with a visibility flag (0, 1 or 2)" : "";
  const rows = tallies.reduce((sum, tally) => sum + tally.rows, 0);
  for (const kind of ["coordinates", "column counts", "outlines beyond the image", "empty boxes"])
    findings.drop(kind);
  const message = `All ${rows} labels have ${columns} columns, which look like a box and ${shape[0]} key points${flags}: they are for pose, and ${task} would read them as outlines. Choose a pose model (yolo11n-pose.pt) and write kpt_shape: [${shape.join(", ")}] into data.yaml, or keep only the first 5 columns of each row.`;
  findings.error("labels of another task", yaml.file, message);
  return true;
}

/** Reports ids that count from 1. Most images would be dropped, and the rest would train the wrong class. */
function checkIds(tallies: readonly Tally[], { classes, singleClass }: LabelRules, findings: Findings): void {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { ids } of tallies) {
    for (const id of ids.keys()) {
      lowest = Math.min(lowest, id);
      highest = Math.max(highest, id);
    }
  }
  if (singleClass || lowest !== 1 || highest !== classes) return;
  const range = classes === 1 ? "is only 1" : `go from 1 to ${classes}`;
  const names = classes === 1 ? "names only 0" : `names 0 to ${classes - 1}`;
  findings.explain(
    "class ids",
    `The class ids of the set ${range}: they count from 1, but YOLO counts from 0 and data.yaml ${names}. Take 1 off each id.`,
  );
}

/** Replaces many findings by one when all labels have the format of another task. */
function checkTask(
  tallies: readonly Tally[],
  { task }: LabelRules,
  count: (shape: RowShape) => number,
  findings: Findings,
): void {
  const rows = tallies.reduce((sum, tally) => sum + tally.rows, 0);
  const all = (shape: RowShape): boolean => rows > 0 && count(shape) === rows;
  const instead = (shape: string, otherTask: string) =>
    findings.explain(
      "column counts",
      `All ${rows} labels are ${shape}, which ${task} cannot learn from: choose a model for ${otherTask}.`,
    );
  if (task !== "detect" && all("box")) instead("plain boxes", "detect");
  else if ((task === "segment" || task === "obb") && all("points")) instead("boxes with key points", "pose");
}
