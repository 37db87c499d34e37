import type { LabelFault, LabelRules } from "./label-rules.ts";
import { columnsOf, linesOf, needsRounding, usedColumns } from "./plain-label.ts";
import { placesFault } from "./row-places.ts";
import { columnFault, isWanted, type RowShape, shapeOf } from "./row-shapes.ts";
import { classFault, readNumbers } from "./row-values.ts";
import type { Tally } from "./tally.ts";

/**
 * Reads one label file, one object a line. Tells what is wrong by line (from 1), and adds up what is there. Gives whether
 * every version of Ultralytics takes it as it is.
 */
export function readLabel(
  text: string,
  rules: LabelRules,
  tally: Tally,
  tell: (line: number, fault: LabelFault) => void,
): { readonly isPlain: boolean } {
  const known = new Set<string>();
  let isPlain = !text.startsWith("\uFEFF");
  let firstBox: number | undefined;
  let firstOutline: number | undefined;
  for (const [index, content] of linesOf(text).entries()) {
    const columns = columnsOf(content);
    if (columns.length === 0) {
      isPlain &&= content === "";
      continue;
    }
    const line = index + 1;
    const shape = shapeOf(columns.length, rules.task, rules.keyPoints);
    tally.count(shape);
    if (shape === "box" || shape === "points") firstBox ??= line;
    if (shape === "outline" || shape === "triangle") firstOutline ??= line;
    const numbers = readRow(columns, shape, rules, tally, (fault) => tell(line, fault));
    isPlain &&= usedColumns(columns, shape, rules.task).length === columns.length;
    if (numbers === undefined) continue;
    isPlain &&= !needsRounding(numbers, shape);
    const key = numbers.join(" ");
    if (known.has(key)) tell(line, twice);
    known.add(key);
  }
  if (rules.task === "detect" && firstBox !== undefined && firstOutline !== undefined) {
    tell(Math.max(firstBox, firstOutline), mixed);
  }
  return { isPlain };
}

const twice: LabelFault = {
  kind: "objects twice",
  severity: "warning",
  message: "This object is there twice; YOLO takes it once.",
};

const mixed: LabelFault = {
  kind: "mixed boxes and outlines",
  severity: "error",
  message: "This file mixes boxes (5 columns) with outlines; YOLO drops or misreads it.",
};

/** The numbers of a row, when they are numbers. */
function readRow(
  columns: readonly string[],
  shape: RowShape,
  rules: LabelRules,
  tally: Tally,
  tell: (fault: LabelFault) => void,
): readonly number[] | undefined {
  const isTriangle = shape === "triangle" && rules.task !== "segment";
  if (!isWanted(shape, rules.task)) {
    const message = columnFault(columns, rules.task, rules.keyPoints);
    tell({ kind: isTriangle ? "three corners" : "column counts", severity: "error", message });
    // Where all of the set turns out to be outlines, three corners are no mistake, and it matters what they say.
    if (!isTriangle) return undefined;
  }
  const numbers = readNumbers(usedColumns(columns, shape, rules.task), tell);
  if (numbers === undefined) return undefined;
  const fault = classFault(numbers, rules, tally) ?? placesFault(numbers, shape, rules, tally);
  if (fault !== undefined) tell(fault);
  return numbers;
}
