import type { LabelFault, LabelRules } from "./label-rules.ts";
import { getUsedColumns, needsRounding, splitColumns, splitLines } from "./normalize-label.ts";
import { findCoordinateFault } from "./row-coordinates.ts";
import { describeColumnFault, getRowShape, isAccepted, type RowShape } from "./row-shapes.ts";
import { findClassFault, readNumbers } from "./row-values.ts";
import type { Tally } from "./tally.ts";

/** What one label file holds. */
export interface ReadLabel {
  /** Every version of Ultralytics takes it as it is. */
  readonly isPlain: boolean;
  /** Boxes and outlines in one file, of which Ultralytics makes wrong boxes in detection. */
  readonly isMixed: boolean;
  /** The class of each object; one that is there twice counts once. */
  readonly ids: readonly number[];
}

/** Reads one label file, one object a line. Tells what is wrong by line (from 1), and adds up what is there. */
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
  message: "This object is there twice; YOLO takes it once.",
};

/** The numbers of a row, when they are numbers. */
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
