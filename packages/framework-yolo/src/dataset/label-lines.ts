import type { KeyPoints } from "./key-points.ts";
import { columnFault, isWanted, type RowShape, type RowTask, shapeOf } from "./row-shapes.ts";
import { valueFault } from "./row-values.ts";
import type { Tally } from "./tally.ts";

/** Something wrong in a line of a label. */
export interface LabelFault {
  readonly kind: FaultKind;
  readonly severity: "error" | "warning";
  readonly message: string;
}

export type FaultKind =
  | "column counts"
  | "three corners"
  | "mixed boxes and outlines"
  | "numbers"
  | "class ids"
  | "coordinates"
  | "outlines beyond the picture"
  | "empty boxes"
  | "visibility"
  | "points at 0 0"
  | "lines twice";

export interface LabelRules {
  readonly task: RowTask;
  readonly classes: number;
  readonly singleClass: boolean;
  readonly keyPoints: KeyPoints | undefined;
}

const lineEnds = /\r\n|[\n\r\v\f\u2028\u2029]/;

/** Reads one label file, one object a line. Tells what is wrong by line (from 1), and adds up what is there. */
export function readLabel(
  text: string,
  rules: LabelRules,
  tally: Tally,
  tell: (line: number, fault: LabelFault) => void,
): void {
  const seen = new Set<string>();
  let firstBox: number | undefined;
  let firstOutline: number | undefined;
  for (const [index, content] of text
    .replace(/^\uFEFF/, "")
    .split(lineEnds)
    .entries()) {
    const columns = content.split(/\s+/).filter((column) => column !== "");
    if (columns.length === 0) continue;
    const line = index + 1;
    const shape = shapeOf(columns.length, rules.task, rules.keyPoints);
    tally.count(shape);
    if (shape === "box" || shape === "points") firstBox ??= line;
    if (shape === "outline" || shape === "triangle") firstOutline ??= line;
    readRow(columns, shape, rules, tally, (fault) => tell(line, fault));
    const key = columns.join(" ");
    if (seen.has(key)) tell(line, twice);
    seen.add(key);
  }
  if (rules.task === "detect" && firstBox !== undefined && firstOutline !== undefined) {
    tell(Math.max(firstBox, firstOutline), mixed);
  }
}

const twice: LabelFault = {
  kind: "lines twice",
  severity: "warning",
  message: "This line is there twice; YOLO takes it once.",
};

const mixed: LabelFault = {
  kind: "mixed boxes and outlines",
  severity: "error",
  message: "This file mixes boxes (5 columns) with outlines; YOLO drops or misreads it.",
};

function readRow(
  columns: readonly string[],
  shape: RowShape,
  rules: LabelRules,
  tally: Tally,
  tell: (fault: LabelFault) => void,
): void {
  const isTriangle = shape === "triangle" && rules.task !== "segment";
  if (!isWanted(shape, rules.task)) {
    const message = columnFault(columns, rules.task, rules.keyPoints);
    tell({ kind: isTriangle ? "three corners" : "column counts", severity: "error", message });
    // Where all of the set turns out to be outlines, three corners are no mistake, and it matters what they say.
    if (!isTriangle) return;
  }
  // Only the box of such a row is used.
  const used = shape === "points" && rules.task !== "pose" ? columns.slice(0, 5) : columns;
  const fault = valueFault(used, shape, rules, tally);
  if (fault !== undefined) tell(fault);
}
