import type { LabelFault, LabelRules } from "./label-rules.ts";
import { getUsedColumns, needsRounding, splitColumns, splitLines } from "./normalize-label.ts";
import { findCoordinateFault } from "./row-coordinates.ts";
import { describeColumnFault, getRowShape, isAccepted, type RowShape } from "./row-shapes.ts";
import { findClassFault, readNumbers } from "./row-values.ts";
import type { Tally } from "./tally.ts";

/** The content of a label file. */
export interface ReadLabel {
  /** Every version of Ultralytics accepts it unchanged. */
  readonly isPlain: boolean;
  /** It mixes boxes and outlines, from which Ultralytics makes wrong boxes in detection. */
  readonly isMixed: boolean;
  /** The class of each object; duplicate objects count once. */
  readonly ids: readonly number[];
}

/** Reads a label file, with one object per line. Reports faults by line (from 1), and adds the rows to the tally. */
export function readLabel(
  text: string,
  rules: LabelRules,
  tally: Tally,
  report: (line: number, fault: LabelFault) => void,
): ReadLabel {
  const seenRows = new Set<string>();
  const ids: number[] = [];
  let isPlain = !text.startsWith("\uFEFF");
  let hasBox = false;
  let hasOutline = false;
  for (const [index, content] of splitLines(text).entries()) {
    const columns = splitColumns(content);
    if (columns.length === 0) {
      isPlain &&= content === "";
      continue;
    }
    const line = index + 1;
    const shape = getRowShape(columns.length, rules.task, rules.keyPoints);
    tally.count(shape);
    hasBox ||= shape === "box" || shape === "points";
    hasOutline ||= shape === "outline" || shape === "triangle";
    if (shape !== "box" && shape !== "points" && rules.task !== "pose")
      tally.poseRows.add(columns, rules.task);
    const numbers = readRow(columns, shape, rules, tally, (fault) => report(line, fault));
    isPlain &&= getUsedColumns(columns, shape, rules.task).length === columns.length;
    if (numbers === undefined) continue;
    isPlain &&= !needsRounding(numbers, shape);
    const key = numbers.join(" ");
    if (seenRows.has(key)) report(line, duplicateObject);
    else ids.push(numbers[0] ?? 0);
    seenRows.add(key);
  }
  const isMixed = rules.task === "detect" && hasBox && hasOutline;
  return { isPlain: isPlain && !isMixed, isMixed, ids };
}

const duplicateObject: LabelFault = {
  kind: "objects twice",
  severity: "warning",
  message: "This object appears twice; YOLO uses it once.",
};

/** Returns the numbers of a row; undefined when they are invalid. */
function readRow(
  columns: readonly string[],
  shape: RowShape,
  rules: LabelRules,
  tally: Tally,
  report: (fault: LabelFault) => void,
): readonly number[] | undefined {
  if (!isAccepted(shape, rules.task)) {
    const message = describeColumnFault(columns, rules.task, rules.keyPoints);
    report({ kind: "column counts", severity: "error", message });
    return undefined;
  }
  const numbers = readNumbers(getUsedColumns(columns, shape, rules.task), report);
  if (numbers === undefined) return undefined;
  if (shape === "triangle" && Number.isInteger(numbers.at(-1))) tally.triangleLikeBoxes++;
  const fault = findClassFault(numbers, rules, tally) ?? findCoordinateFault(numbers, shape, rules, tally);
  if (fault !== undefined) report(fault);
  return numbers;
}
