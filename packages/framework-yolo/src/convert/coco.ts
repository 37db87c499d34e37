import { dirname, join, relative } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { formatPath } from "../dataset/findings.ts";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import { type CocoAnnotation, type CocoFile, listCategories, parseCoco } from "./coco-file.ts";
import {
  type Converted,
  type ConvertedImage,
  type ConvertOptions,
  formatBoxRow,
  guessSplit,
  noteCount,
} from "./converted.ts";
import { type ImageSize, readImageSize } from "./image-size.ts";
import { formatKeyPoints } from "./key-points.ts";
import { formatOutlineRow, toOutline } from "./polygons.ts";
import { readFiles } from "./read-files.ts";
import { SourceImages } from "./source-images.ts";

/** Reads COCO annotation files. Skips crowds (`iscrowd`), as Ultralytics' own converter does. */
export function readCoco({ root, files }: DatasetFormat, options: ConvertOptions): Converted {
  const { read: all, notes } = readFiles(files, "COCO", parseCoco);
  const read = all.filter(hasObjects(options));
  if (read.length === 0) throw createEmptyError(root, options);
  // Classes are matched by name, because each file may use ids of its own.
  const categories = read.flatMap(({ content }) => listCategories(content));
  const names = [...new Set(categories.map(({ name }) => name))];
  const points =
    categories.map(({ keypoints }) => keypoints ?? []).sort((a, b) => b.length - a.length)[0] ?? [];
  const images = new SourceImages(root);
  const rowsByImage = new Map<string, { split: ConvertedImage["split"]; rows: string[] }>();
  const skippedCounts = { crowds: 0, missing: 0, unsized: 0, empty: 0, unknown: 0, hidden: 0, boxes: 0 };
  for (const { file, content } of read) {
    const split = guessSplit(relative(root, file));
    const classIds = new Map(content.categories.map(({ id, name }) => [String(id), names.indexOf(name)]));
    const byImage = Map.groupBy(content.annotations, (annotation) => String(annotation.image_id));
    for (const { id: imageId, file_name: name, width, height } of content.images) {
      const isInSplit = (path: string) => guessSplit(relative(root, path)) === split;
      const folder = dirname(file);
      const folders = [folder, join(folder, "images"), join(folder, "../images"), root, join(root, "images")];
      const path = images.find(name, folders, isInSplit);
      if (path === undefined) {
        skippedCounts.missing++;
        continue;
      }
      const size = width && height ? { width, height } : readImageSize(path);
      if (size === undefined) {
        skippedCounts.unsized++;
        continue;
      }
      const entry = rowsByImage.get(path) ?? { split, rows: [] };
      rowsByImage.set(path, entry);
      for (const annotation of byImage.get(String(imageId)) ?? []) {
        const classId = classIds.get(String(annotation.category_id)) ?? -1;
        const { row, skipReason } = formatRow(classId, annotation, size);
        if (skipReason !== undefined) skippedCounts[skipReason]++;
        else if (row !== undefined && !entry.rows.includes(row)) entry.rows.push(row);
      }
    }
  }
  return {
    names,
    images: [...rowsByImage].map(([path, { split, rows }]) => ({ file: path, split, rows })),
    ...(options.task === "pose" ? { keyPoints: points } : {}),
    notes: [
      ...notes,
      ...noteCount(skippedCounts.missing, "image is not there", "images are not there"),
      ...noteCount(skippedCounts.unsized, "image has no readable size", "images have no readable size"),
      ...noteCount(skippedCounts.crowds, "crowd (iscrowd) is left out", "crowds (iscrowd) are left out"),
      ...noteCount(
        skippedCounts.empty,
        "object without an area is left out",
        "objects without an area are left out",
      ),
      ...noteCount(
        skippedCounts.boxes,
        "object has no polygon: its box becomes its outline",
        "objects have no polygon: their boxes become their outlines",
      ),
      ...noteCount(
        skippedCounts.hidden,
        "object without labeled key points is left out",
        "objects without labeled key points are left out",
      ),
      ...noteCount(
        skippedCounts.unknown,
        "object of an unknown category is left out",
        "objects of unknown categories are left out",
      ),
    ],
  };

  /** Returns the label row of an object, or the reason for skipping it. */
  function formatRow(
    classId: number,
    { iscrowd, bbox, segmentation, keypoints }: CocoAnnotation,
    size: ImageSize,
  ): { readonly row?: string; readonly skipReason?: keyof typeof skippedCounts } {
    if (iscrowd) return { skipReason: "crowds" };
    if (classId === -1) return { skipReason: "unknown" };
    const outline = options.task === "segment" ? formatOutlineRow(classId, segmentation, size) : undefined;
    if (outline !== undefined) return { row: outline };
    const [x = 0, y = 0, w = 0, h = 0] =
      bbox != null && bbox.length >= 4 ? bbox : getPolygonBounds(segmentation);
    const corners = [x, y, x + w, y + h] as const;
    const box = formatBoxRow(classId, corners, size);
    if (box === undefined) return { skipReason: "empty" };
    if (options.task === "detect") return { row: box };
    if (options.task === "segment") {
      skippedCounts.boxes++;
      return { row: formatOutlineRow(classId, [toOutline(corners)], size) ?? box };
    }
    const columns = formatKeyPoints(keypoints, points.length, size);
    return columns === undefined ? { skipReason: "hidden" } : { row: `${box} ${columns}` };
  }
}

/** Files with captions have no objects. For pose, only files with key points count. */
const hasObjects =
  ({ task }: ConvertOptions) =>
  ({ content }: { readonly content: CocoFile }): boolean =>
    task === "pose"
      ? content.categories.some(({ keypoints }) => keypoints != null && keypoints.length > 0)
      : content.categories.length > 0 || content.annotations.length === 0;

function createEmptyError(root: string, { task }: ConvertOptions): UnitrainError {
  const missing = task === "pose" ? "key points" : "categories";
  return new UnitrainError("INVALID_DATASET", `${formatPath(root)} is a COCO dataset without ${missing}.`, {
    hint: task === "pose" ? "Choose a model for another task, such as yolo11n.pt." : undefined,
  });
}

/** Returns x, y, width and height of the box around polygons, for annotations without a box. */
function getPolygonBounds(segmentation: unknown): readonly number[] {
  const numbers = Array.isArray(segmentation) ? segmentation.flat().filter(Number.isFinite) : [];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    left = Math.min(left, numbers[at]);
    right = Math.max(right, numbers[at]);
    top = Math.min(top, numbers[at + 1]);
    bottom = Math.max(bottom, numbers[at + 1]);
  }
  return numbers.length < 6 ? [] : [left, top, right - left, bottom - top];
}
