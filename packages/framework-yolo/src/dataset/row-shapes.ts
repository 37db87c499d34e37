import type { Task } from "../options/tasks.ts";
import type { KeyPoints } from "./key-points.ts";

/** Tasks whose labels are rows of numbers beside the images. */
export type RowTask = Exclude<Task, "classify">;

/** What a row is by the number of its columns, which is all that Ultralytics goes by. */
export type RowShape =
  /** `class x y width height` */
  | "box"
  /** Four corners of a turned box. */
  | "corners"
  /** Seven columns: an outline of three points, or a box with two columns too many. */
  | "triangle"
  | "outline"
  /** A box and its key points. */
  | "points"
  | "wrong";

export function getRowShape(columns: number, task: RowTask, keyPoints: KeyPoints | undefined): RowShape {
  if (columns === 5) return "box";
  // Where the yaml speaks of key points, Ultralytics takes such a row for one whatever the task is.
  if (columns === keyPoints?.columns) return "points";
  if (task === "pose") return "wrong";
  if (columns === 9 && task === "obb") return "corners";
  if (columns === 7) return "triangle";
  return columns > 7 && columns % 2 === 1 ? "outline" : "wrong";
}

/** Shapes that each task learns from; of others, some are taken for what they are not. */
const acceptedShapes: Readonly<Record<RowTask, readonly RowShape[]>> = {
  // Rows with key points count by their boxes, outlines by the boxes around them; both are told once for the set.
  detect: ["box", "points", "outline", "triangle"],
  segment: ["outline", "triangle"],
  pose: ["points"],
  // Around an outline with other corners the smallest turned box is drawn.
  obb: ["corners", "outline"],
};

export const isAccepted = (shape: RowShape, task: RowTask): boolean => acceptedShapes[task].includes(shape);

/** What is wrong with a row that has so many columns. */
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
