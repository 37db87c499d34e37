import { UnitrainError } from "@unitrain/core/spec";
import { formatPath } from "../dataset/findings.ts";
import {
  type Converted,
  type ConvertedImage,
  type ConvertOptions,
  formatBoxRow,
  noteCount,
} from "./converted.ts";
import { type ImageSize, readImageSize } from "./image-size.ts";
import { formatOutlineRow } from "./polygons.ts";
import type { SourceImages } from "./source-images.ts";

/** An object as annotation tools store it: a box by two or four corners, or a polygon, in pixels. */
export interface Shape {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** An image with its shapes. */
export interface AnnotatedImage {
  /** The file name in the annotations. */
  readonly name: string;
  /** Folders to search first. */
  readonly folders: readonly string[];
  readonly split: ConvertedImage["split"];
  readonly size: ImageSize | undefined;
  readonly shapes: readonly Shape[];
}

/**
 * Converts shapes to label rows: outlines for `segment`, otherwise bounding boxes. Classes that `firstNames` lacks are
 * appended in alphabetical order.
 */
export function convertShapes(
  annotated: readonly AnnotatedImage[],
  firstNames: readonly string[],
  images: SourceImages,
  { task }: ConvertOptions,
  notes: readonly string[] = [],
): Converted {
  const labels = new Set(annotated.flatMap(({ shapes }) => shapes.map(({ label }) => label)));
  const names = [...firstNames, ...[...labels].filter((label) => !firstNames.includes(label)).sort()];
  const skippedCounts = { missing: 0, unsized: 0, empty: 0 };
  const converted: ConvertedImage[] = [];
  for (const { name, folders, split, size, shapes } of annotated) {
    const file = images.find(name, folders, () => false);
    if (file === undefined) {
      skippedCounts.missing++;
      continue;
    }
    const pixels = size ?? readImageSize(file);
    if (pixels === undefined) {
      skippedCounts.unsized++;
      continue;
    }
    const rows = new Set<string>();
    for (const shape of shapes) {
      const row = formatRow(names.indexOf(shape.label), shape, pixels, task);
      if (row === undefined) skippedCounts.empty++;
      else rows.add(row);
    }
    converted.push({ file, split, rows: [...rows] });
  }
  return {
    names,
    images: converted,
    notes: [
      ...notes,
      ...noteCount(skippedCounts.missing, "image is not there", "images are not there"),
      ...noteCount(skippedCounts.unsized, "image has no readable size", "images have no readable size"),
      ...noteCount(
        skippedCounts.empty,
        "object without an area is left out",
        "objects without an area are left out",
      ),
    ],
  };
}

/** Throws `INVALID_DATASET` for pose, because key points can be converted from COCO only. */
export function refusePose({ task }: ConvertOptions, root: string, name: string): void {
  if (task !== "pose") return;
  throw new UnitrainError(
    "INVALID_DATASET",
    `The key points of ${name} cannot be converted: ${formatPath(root)}.`,
    {
      hint: "Export it as COCO with key points.",
    },
  );
}

function formatRow(
  classId: number,
  { points }: Shape,
  size: ImageSize,
  task: ConvertOptions["task"],
): string | undefined {
  const { left, top, right, bottom } = getExtent(points);
  const box = formatBoxRow(classId, [left, top, right, bottom], size);
  if (box === undefined || task !== "segment") return box;
  return formatOutlineRow(classId, [points.flat()], size);
}

/** Loops instead of spreading into `Math.min`, because an outline may have more points than a call takes arguments. */
function getExtent(points: Shape["points"]) {
  const extent = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) {
    extent.left = Math.min(extent.left, x);
    extent.top = Math.min(extent.top, y);
    extent.right = Math.max(extent.right, x);
    extent.bottom = Math.max(extent.bottom, y);
  }
  return extent;
}

/** Returns the corners of a box, given by two opposite corners, after rotating it around a point. */
export function rotateBox(
  [left, top, right, bottom]: readonly [number, number, number, number],
  degrees: number,
  [x, y]: readonly [number, number],
): Shape["points"] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
  return corners.map(([cornerX, cornerY]) => [
    x + (cornerX - x) * cos - (cornerY - y) * sin,
    y + (cornerX - x) * sin + (cornerY - y) * cos,
  ]);
}
