import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { XMLParser } from "fast-xml-parser";
import * as z from "zod";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import {
  type Converted,
  type ConvertedImage,
  type ConvertOptions,
  formatBoxRow,
  guessSplit,
  noteCount,
} from "./converted.ts";
import { readImageSize } from "./image-size.ts";
import { readFiles } from "./read-files.ts";
import { refusePose } from "./shapes.ts";
import { SourceImages } from "./source-images.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const number = z.union([z.string(), z.number()]).transform(Number).pipe(z.number().finite());
const vocFile = z.object({
  annotation: z.looseObject({
    filename: text.optional(),
    size: z.looseObject({ width: number, height: number }).optional().catch(undefined),
    object: z
      .array(
        z.looseObject({
          name: text.optional().catch(undefined),
          difficult: number.optional().catch(undefined),
          bndbox: z
            .object({ xmin: number, ymin: number, xmax: number, ymax: number })
            .optional()
            .catch(undefined),
        }),
      )
      .default([]),
  }),
});

const parser = new XMLParser({
  isArray: (name) => name === "object",
  parseTagValue: false,
  ignoreAttributes: true,
  processEntities: true,
});

/** Reads Pascal VOC files, one per image. Skips objects marked `difficult`, as Ultralytics' conversion of VOC does. */
export function readVoc({ root, files, name: form }: DatasetFormat, options: ConvertOptions): Converted {
  refusePose(options, root, form);
  const { read, notes } = readFiles(
    files,
    "Pascal VOC",
    (xml) => vocFile.parse(parser.parse(xml)).annotation,
  );
  const objects = read.flatMap(({ content }) => content.object);
  const names = [...new Set(objects.flatMap(({ name }) => (name ? [name.trim()] : [])))].sort();
  const classIds = new Map(names.map((name, classId) => [name, classId]));
  // VOC counts pixels from 1, but many tools count from 0; a coordinate of 0 reveals them.
  const firstPixel = objects.some(
    ({ bndbox }) => bndbox !== undefined && Math.min(...Object.values(bndbox)) < 1,
  )
    ? 0
    : 1;
  const images = new SourceImages(root);
  const splits = new Map<string, ConvertedImage["split"]>();
  const skippedCounts = { missing: 0, unsized: 0, difficult: 0, empty: 0, unnamed: 0 };
  const converted: ConvertedImage[] = [];
  for (const { file, content } of read) {
    const { filename, size, object } = content;
    const folder = dirname(file);
    const stem = basename(file, extname(file));
    const folders = [folder, join(folder, "../JPEGImages"), join(folder, "../images"), root];
    const isInSplit = (path: string) => guessSplit(relative(root, path)) === guessSplit(relative(root, file));
    const path =
      (filename === undefined ? undefined : images.find(filename, folders, isInSplit)) ??
      images.findByStem(stem, folders, isInSplit);
    if (path === undefined) {
      skippedCounts.missing++;
      continue;
    }
    const pixels = size !== undefined && size.width > 0 && size.height > 0 ? size : readImageSize(path);
    if (pixels === undefined) {
      skippedCounts.unsized++;
      continue;
    }
    const rows: string[] = [];
    for (const { name, difficult, bndbox } of object) {
      if (difficult === 1) {
        skippedCounts.difficult++;
        continue;
      }
      if (!name?.trim()) {
        skippedCounts.unnamed++;
        continue;
      }
      const box = bndbox === undefined ? undefined : readBox(bndbox, firstPixel);
      const row = box === undefined ? undefined : formatBoxRow(classIds.get(name.trim()) ?? 0, box, pixels);
      if (row === undefined) skippedCounts.empty++;
      else if (!rows.includes(row)) rows.push(row);
    }
    const split = readListedSplit(folder, stem, splits) ?? guessSplit(relative(root, file));
    converted.push({ file: path, split, rows });
  }
  return {
    names,
    images: converted,
    notes: [
      ...notes,
      ...noteCount(skippedCounts.missing, "image is not there", "images are not there"),
      ...noteCount(skippedCounts.unsized, "image has no readable size", "images have no readable size"),
      ...noteCount(skippedCounts.difficult, "difficult object is left out", "difficult objects are left out"),
      ...noteCount(
        skippedCounts.unnamed,
        "object without a name is left out",
        "objects without a name are left out",
      ),
      ...noteCount(
        skippedCounts.empty,
        "object without an area is left out",
        "objects without an area are left out",
      ),
    ],
  };
}

/** Returns left, top, right and bottom. Swaps the corners where a tool wrote them in reverse order. */
function readBox(
  { xmin, ymin, xmax, ymax }: { xmin: number; ymin: number; xmax: number; ymax: number },
  firstPixel: number,
): readonly [number, number, number, number] {
  const [left, right] = xmin < xmax ? [xmin, xmax] : [xmax, xmin];
  const [top, bottom] = ymin < ymax ? [ymin, ymax] : [ymax, ymin];
  return [left - firstPixel, top - firstPixel, right - firstPixel, bottom - firstPixel];
}

/** Returns the split that `ImageSets/Main/{train,val,test}.txt` beside the annotations assigns to an image. */
function readListedSplit(
  folder: string,
  stem: string,
  cache: Map<string, ConvertedImage["split"]>,
): ConvertedImage["split"] {
  const lists = join(folder, "../ImageSets/Main");
  if (!cache.has(lists)) {
    cache.set(lists, undefined);
    for (const split of ["test", "val", "train"] as const) {
      const list = join(lists, `${split}.txt`);
      if (!existsSync(list)) continue;
      for (const line of readFileSync(list, "utf8").split("\n")) {
        const [name = ""] = line.trim().split(/\s+/);
        if (name !== "") cache.set(`${lists}\0${name}`, split);
      }
    }
  }
  return cache.get(`${lists}\0${stem}`);
}
