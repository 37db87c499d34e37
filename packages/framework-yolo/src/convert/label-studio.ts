import { dirname, join } from "node:path";
import * as z from "zod";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import { type Converted, type ConvertOptions, noteCount } from "./converted.ts";
import { readFiles } from "./read-files.ts";
import { type AnnotatedImage, convertShapes, refusePose, rotateBox, type Shape } from "./shapes.ts";
import { SourceImages } from "./source-images.ts";

/** A shape; coordinates are percentages of the image's width and height. */
const value = z.looseObject({
  x: z.number().optional(),
  y: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  rotation: z.number().optional(),
  points: z.array(z.tuple([z.number(), z.number()])).optional(),
  rectanglelabels: z.array(z.string()).optional(),
  polygonlabels: z.array(z.string()).optional(),
  labels: z.array(z.string()).optional(),
});
type Value = z.infer<typeof value>;

const size = { original_width: z.number().optional(), original_height: z.number().optional() };
const result = z.looseObject({ ...size, value });
/** A task of the JSON export. */
const task = z.looseObject({
  data: z.record(z.string(), z.unknown()),
  annotations: z
    .array(z.looseObject({ was_cancelled: z.boolean().nullish(), result: z.array(z.unknown()) }))
    .default([]),
});
/** A task of the JSON-MIN export, with values keyed by the names of the labeling controls. */
const briefValue = value.extend(size);
const exported = z.array(z.looseObject({}));

/** Reads Label Studio's JSON and JSON-MIN exports: rectangles and polygons. */
export function readLabelStudio({ root, files, name }: DatasetFormat, options: ConvertOptions): Converted {
  refusePose(options, root, name);
  const skippedCounts = { unsupported: 0 };
  const { read, notes } = readFiles(files, "JSON of Label Studio", (text) =>
    exported.parse(JSON.parse(text)),
  );
  const annotated = read.flatMap(({ file, content }) => {
    const folders = [dirname(file), join(dirname(file), "images"), root];
    return content.flatMap((entry): AnnotatedImage[] => {
      const { image, values } = "data" in entry ? readTask(entry) : readBriefTask(entry);
      if (image === undefined) return [];
      const [first] = values;
      const width = first?.original_width ?? 0;
      const height = first?.original_height ?? 0;
      const shapes = values.flatMap((found) => readShapes(found, width, height));
      skippedCounts.unsupported += values.length - shapes.length;
      const size = width > 0 && height > 0 ? { width, height } : undefined;
      return [{ name: image, folders, split: undefined, size: size, shapes }];
    });
  });
  return convertShapes(annotated, [], new SourceImages(root), options, [
    ...notes,
    ...noteCount(
      skippedCounts.unsupported,
      "result of another kind is left out",
      "results of other kinds are left out",
    ),
  ]);
}

type SizedValue = z.infer<typeof briefValue>;

function readTask(entry: unknown): { image: string | undefined; values: readonly SizedValue[] } {
  const { data, annotations } = task.parse(entry);
  const values = annotations
    .filter(({ was_cancelled: isCancelled }) => isCancelled !== true)
    .flatMap((annotation) => annotation.result)
    .flatMap((found) => {
      const read = result.safeParse(found);
      if (!read.success) return [];
      const { original_width, original_height, value: places } = read.data;
      return [{ ...places, original_width, original_height }];
    });
  return { image: findImageName(Object.values(data)), values };
}

function readBriefTask(entry: Readonly<Record<string, unknown>>) {
  const values = Object.values(entry)
    .flat()
    .flatMap((found) => {
      const read = briefValue.safeParse(found);
      return read.success && getLabel(read.data) !== undefined ? [read.data] : [];
    });
  return { image: findImageName(Object.values(entry)), values };
}

/** Finds the image's file name in an upload path, a URL, or `/data/local-files/?d=folder/a.jpg`. */
function findImageName(values: readonly unknown[]): string | undefined {
  const imageValue = values.find(
    (found): found is string => typeof found === "string" && imageNamePattern.test(found),
  );
  const path = imageValue?.match(/[?&]d=([^&]+)/)?.[1] ?? imageValue?.replace(/[?#].*$/, "");
  if (path === undefined) return undefined;
  try {
    return decodeURIComponent(path).split(/[/\\]/).pop();
  } catch {
    return path.split(/[/\\]/).pop();
  }
}

const imageNamePattern = /\.(?:jpe?g|png|bmp|tiff?|webp|avif|jp2)(?:$|[?#&])/i;

const getLabel = ({ rectanglelabels, polygonlabels, labels }: Value): string | undefined =>
  (rectanglelabels ?? polygonlabels ?? labels)?.[0];

function readShapes(found: Value, width: number, height: number): readonly Shape[] {
  const label = getLabel(found);
  if (label === undefined) return [];
  const scaled = (x: number, y: number) => [(x / 100) * width, (y / 100) * height] as const;
  if (found.points !== undefined) return [{ label, points: found.points.map(([x, y]) => scaled(x, y)) }];
  const { x, y, width: w, height: h, rotation = 0 } = found;
  if (x === undefined || y === undefined || w === undefined || h === undefined) return [];
  const [left, top] = scaled(x, y);
  const [right, bottom] = scaled(x + w, y + h);
  // Label Studio rotates a box around its top left corner.
  return [{ label, points: rotateBox([left, top, right, bottom], rotation, [left, top]) }];
}
