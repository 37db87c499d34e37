/** Something wrong in a label file. */
export interface LabelFault {
  readonly kind: "column counts" | "numbers" | "class ids" | "coordinates" | "box sizes";
  readonly severity: "error" | "warning";
  readonly line: number;
  readonly message: string;
}

/** What the lines of one label file of a detection set say. */
export interface LabelReport {
  /** That say anything. */
  readonly lines: number;
  /** Lines that are outlines and not boxes: YOLO draws the box around them. */
  readonly outlines: number;
  /** Lines with key points, of which only the box is used. */
  readonly poses: number;
  readonly faults: readonly LabelFault[];
  /** Lines of seven columns: a triangle in a set of outlines, a mistake in one of boxes. */
  readonly triangles: readonly LabelFault[];
}

export interface LabelRules {
  readonly classes: number;
  readonly singleClass: boolean;
  /** Columns of a pose row, where the yaml speaks of key points. */
  readonly poseColumns: number | undefined;
}

/** Ultralytics allows for rounding. */
const lowest = -0.01;
const highest = 1.01;

/** JavaScript would also take `0x1f`, which Python does not. */
const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads one label file: `class x y width height`, 0 to 1, one object a line. */
export function readLabel(text: string, rules: LabelRules): LabelReport {
  const faults: LabelFault[] = [];
  const triangles: LabelFault[] = [];
  let said = 0;
  let outlines = 0;
  let poses = 0;
  let firstBox: number | undefined;
  let firstOutline: number | undefined;
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  for (const [index, content] of lines.entries()) {
    const columns = content.split(/\s+/).filter((column) => column !== "");
    if (columns.length === 0) continue;
    said++;
    const line = index + 1;
    const shape = shapeOf(columns.length, rules);
    if (shape === "wrong") {
      faults.push({ kind: "column counts", severity: "error", line, message: columnMessage(columns.length) });
      continue;
    }
    if (shape === "triangle") {
      triangles.push({
        kind: "column counts",
        severity: "error",
        line,
        message: columnMessage(columns.length),
      });
    }
    const fault = faultOf(columns, shape, rules, line);
    if (fault !== undefined) faults.push(fault);

    poses += shape === "pose" ? 1 : 0;
    if (shape === "outline" || shape === "triangle") {
      outlines += shape === "outline" ? 1 : 0;
      firstOutline ??= line;
    } else firstBox ??= line;
  }
  if (firstBox !== undefined && firstOutline !== undefined) {
    const message = "This file mixes boxes (5 columns) with outlines; YOLO drops or misreads it.";
    faults.push({
      kind: "column counts",
      severity: "error",
      line: Math.max(firstBox, firstOutline),
      message,
    });
  }
  return { lines: said, outlines, poses, faults, triangles };
}

type Shape = "box" | "pose" | "triangle" | "outline" | "wrong";

function shapeOf(columns: number, rules: LabelRules): Shape {
  if (columns === 5) return "box";
  if (columns === rules.poseColumns) return "pose";
  if (columns === 7) return "triangle";
  return columns > 7 && columns % 2 === 1 ? "outline" : "wrong";
}

const columnMessage = (columns: number): string =>
  `This line has ${columns} columns; a box has 5: class x y width height.`;

function faultOf(
  columns: readonly string[],
  shape: Shape,
  rules: LabelRules,
  line: number,
): LabelFault | undefined {
  const error = (kind: LabelFault["kind"], message: string): LabelFault => ({
    kind,
    severity: "error",
    line,
    message,
  });
  const used = shape === "pose" ? columns.slice(0, 5) : columns;
  const numbers = used.map(Number);
  const wrong = used.findIndex(
    (column, index) => !plainNumber.test(column) || !Number.isFinite(numbers[index]),
  );
  if (wrong !== -1) return error("numbers", `${shownText(used[wrong])} is not a number.`);
  const [id = 0, ...places] = numbers;
  if (!Number.isInteger(id))
    return error("class ids", `The class ${shownText(used[0])} is not a whole number.`);
  if (id < 0 || (!rules.singleClass && id >= rules.classes))
    return error("class ids", classMessage(id, rules.classes));
  const outside = places.find((place) => place < lowest || place > highest);
  if (outside !== undefined) {
    const pixels = outside > 2 ? " It looks like pixels: divide by the picture's width and height." : "";
    return error("coordinates", `${outside} is outside of 0 to 1.${pixels}`);
  }
  const [, , width = 1, height = 1] = places;
  if (shape === "box" && (width <= 0 || height <= 0)) {
    return { kind: "box sizes", severity: "warning", line, message: "This box has no width or no height." };
  }
  return undefined;
}

function classMessage(id: number, classes: number): string {
  const range = classes === 1 ? "only the class 0" : `the classes 0 to ${classes - 1}`;
  const hint = id === classes ? " Ids begin at 0." : "";
  return `There is no class ${id}: data.yaml names ${range}.${hint}`;
}

const shownText = (text: string | undefined): string => JSON.stringify((text ?? "").slice(0, 40));
