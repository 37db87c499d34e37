import type { Task } from "../options/tasks.ts";
import type { KeyPoints } from "./key-points.ts";

/** Tasks whose labels are rows of numbers beside the images. */
export type RowTask = Exclude<Task, "classify">;

/** The shape of a row by its number of columns, which is the only criterion that Ultralytics uses. */
export type RowShape =
  /** `class x y width height` */
  | "box"
  /** Four corners of a rotated box. */
  | "corners"
  /** Seven columns: an outline of three points, or a box with two extra columns. */
  | "triangle"
  | "outline"
  /** A box and its key points. */
  | "points"
  | "wrong";

export function getRowShape(columns: number, task: RowTask, keyPoints: KeyPoints | undefined): RowShape {
  if (columns === 5) return "box";
  // If the yaml defines key points, Ultralytics reads such a row as one with key points in any task.
  if (columns === keyPoints?.columns) return "points";
  if (task === "pose") return "wrong";
  if (columns === 9 && task === "obb") return "corners";
  if (columns === 7) return "triangle";
  return columns > 7 && columns % 2 === 1 ? "outline" : "wrong";
}

/** Shapes that each task accepts. Some others would be misread. */
const acceptedShapes: Readonly<Record<RowTask, readonly RowShape[]>> = {
  // Detection uses the boxes of rows with key points, and the boxes around outlines; both are reported once per
  // dataset.
  detect: ["box", "points", "outline", "triangle"],
  segment: ["outline", "triangle"],
  pose: ["points"],
  // For outlines with other numbers of corners, the smallest rotated box around them is used.
  obb: ["corners", "outline"],
};

export const isAccepted = (shape: RowShape, task: RowTask): boolean => acceptedShapes[task].includes(shape);

/** Describes what is wrong with a row's number of columns. */
export function describeColumnFault(
  columns: readonly string[],
  task: RowTask,
  keyPoints: KeyPoints | undefined,
): string {
  const has = `This line has ${columns.length} ${columns.length === 1 ? "column" : "columns"}`;
  return `${has}; ${describeExpectedColumns(task, keyPoints)}.${guessShape(columns, task, keyPoints)}`;
}

function describeExpectedColumns(task: RowTask, keyPoints: KeyPoints | undefined): string {
  switch (task) {
    case "detect":
      return "a box has 5: class x y width height";
    case "segment":
      return "an outline has 7 or more, an odd number: class x1 y1 x2 y2 x3 y3 …";
    case "obb":
      return "a turned box has 9: class x1 y1 x2 y2 x3 y3 x4 y4";
    case "pose":
      return keyPoints === undefined
        ? "a row has 5 for the box, and those of its key points"
        : `kpt_shape ${JSON.stringify([keyPoints.points, keyPoints.dimensions])} asks for ${keyPoints.columns}: class x y width height, then ${keyPoints.points} times ${keyPoints.dimensions === 2 ? "x y" : "x y visible"}`;
  }
}

function guessShape(columns: readonly string[], task: RowTask, keyPoints: KeyPoints | undefined): string {
  const [first = ""] = columns;
  if (columns.length === 1 && /[,;]/.test(first)) return " Separate the columns by spaces.";
  if (columns.length === 10 && task !== "pose") return " DOTA's own labels must be converted first.";
  if (columns.length === 6 && task === "detect") return " A sixth column, such as a confidence, must go.";
  if (columns.length === 6 && task === "obb")
    return " A box with an angle must be written as its four corners.";
  if (columns.length === 5) return " It is a plain box.";
  if (columns.length === keyPoints?.columns)
    return " It is read as a box with key points, because data.yaml has kpt_shape.";
  return "";
}
