import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { shownPath } from "../dataset/findings.ts";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import {
  boxRow,
  type Converted,
  type ConvertedImage,
  type ConvertOptions,
  countNote,
  splitIn,
} from "./converted.ts";
import { imageSize } from "./image-size.ts";
import { outlineRow } from "./outline-row.ts";
import { SourceImages } from "./source-images.ts";

const id = z.union([z.number(), z.string()]);
const cocoFile = z.object({
  images: z.array(
    z.looseObject({
      id,
      file_name: z.string().min(1),
      width: z.number().nullish(),
      height: z.number().nullish(),
    }),
  ),
  annotations: z
    .array(
      z.looseObject({
        image_id: id,
        category_id: id,
        bbox: z.array(z.number()).nullish(),
        segmentation: z.unknown().optional(),
        iscrowd: z.union([z.number(), z.boolean()]).nullish(),
      }),
    )
    .default([]),
  categories: z
    .array(
      z.looseObject({ id, name: z.union([z.string(), z.number()]), supercategory: z.unknown().optional() }),
    )
    .default([]),
});
type CocoFile = z.infer<typeof cocoFile>;

/** Reads COCO's annotation files. Crowds are left out, as Ultralytics' own converter does it. */
export function readCoco({ root, files }: DatasetFormat, { task }: ConvertOptions): Converted {
  const read = files.map((file) => ({ file, content: parse(file) }));
  const categories = categoriesOf(read.map(({ content }) => content));
  const places = new Map(categories.map((category, place) => [String(category.id), place]));
  const images = new SourceImages(root);
  const rowsOf = new Map<string, { split: ConvertedImage["split"]; rows: string[] }>();
  const left = { crowds: 0, missing: 0, sizeless: 0, empty: 0, unknown: 0 };
  for (const { file, content } of read) {
    const split = splitIn(relative(root, file));
    const byImage = Map.groupBy(content.annotations, (annotation) => String(annotation.image_id));
    for (const { id: imageId, file_name: name, width, height } of content.images) {
      const inSplit = (path: string) => splitIn(relative(root, path)) === split;
      const folder = dirname(file);
      const folders = [folder, join(folder, "images"), join(folder, "../images"), root, join(root, "images")];
      const path = images.find(name, folders, inSplit);
      if (path === undefined) {
        left.missing++;
        continue;
      }
      const size = width && height ? { width, height } : imageSize(path);
      if (size === undefined) {
        left.sizeless++;
        continue;
      }
      const entry = rowsOf.get(path) ?? { split, rows: [] };
      rowsOf.set(path, entry);
      for (const annotation of byImage.get(String(imageId)) ?? []) {
        if (annotation.iscrowd) {
          left.crowds++;
          continue;
        }
        const place = places.get(String(annotation.category_id));
        if (place === undefined) {
          left.unknown++;
          continue;
        }
        const [x = 0, y = 0, w = 0, h = 0] = annotation.bbox ?? boxOf(annotation.segmentation);
        const row =
          (task === "segment" ? outlineRow(place, annotation.segmentation, size) : undefined) ??
          (task === "segment" ? undefined : boxRow(place, [x, y, x + w, y + h], size));
        if (row === undefined) left.empty++;
        else if (!entry.rows.includes(row)) entry.rows.push(row);
      }
    }
  }
  return {
    names: categories.map(({ name }) => String(name)),
    images: [...rowsOf].map(([path, { split, rows }]) => ({ file: path, split, rows })),
    notes: [
      ...countNote(left.missing, "image is not there", "images are not there"),
      ...countNote(left.sizeless, "image has no readable size", "images have no readable size"),
      ...countNote(left.crowds, "crowd (iscrowd) is left out", "crowds (iscrowd) are left out"),
      ...countNote(
        left.empty,
        "object without an area or outline is left out",
        "objects without an area or outline are left out",
      ),
      ...countNote(
        left.unknown,
        "object of an unknown category is left out",
        "objects of unknown categories are left out",
      ),
    ],
  };
}

function parse(file: string): CocoFile {
  try {
    return cocoFile.parse(JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, "")));
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const why =
      issue === undefined ? String((cause as Error).message) : `${issue.path.join(".")}: ${issue.message}`;
    throw new UnitrainError("INVALID_DATASET", `${shownPath(file)} is not valid COCO: ${why}`, { cause });
  }
}

/** In the order of their ids, which may have gaps and begin anywhere. Roboflow's parent of all classes is none. */
function categoriesOf(files: readonly CocoFile[]) {
  const byId = new Map(
    files.flatMap(({ categories }) => categories).map((category) => [String(category.id), category]),
  );
  const used = new Set(files.flatMap(({ annotations }) => annotations).map((one) => String(one.category_id)));
  const all = [...byId.values()];
  const isParent = ({ id: own, name, supercategory }: (typeof all)[number]) =>
    supercategory === "none" && !used.has(String(own)) && all.some((one) => one.supercategory === name);
  return all
    .filter((category) => !isParent(category))
    .sort((a, b) => Number(a.id) - Number(b.id) || (String(a.id) < String(b.id) ? -1 : 1));
}

/** x, y, width and height around polygons, for annotations without a box. */
function boxOf(segmentation: unknown): readonly number[] {
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
