import { dirname, join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import * as z from "zod";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import { type Converted, type ConvertOptions, guessSplit, noteCount } from "./converted.ts";
import { readFiles } from "./read-files.ts";
import { convertShapes, refusePose, rotateBox, type Shape } from "./shapes.ts";
import { SourceImages } from "./source-images.ts";

const number = z.string().transform(Number);
const cvatFile = z.object({
  annotations: z.looseObject({
    meta: z.unknown(),
    track: z.array(z.unknown()).default([]),
    image: z
      .array(
        z.looseObject({
          name: z.string(),
          subset: z.string().optional(),
          width: number,
          height: number,
          box: z
            .array(
              z.looseObject({
                label: z.string(),
                xtl: number,
                ytl: number,
                xbr: number,
                ybr: number,
                rotation: number.optional(),
              }),
            )
            .default([]),
          polygon: z.array(z.looseObject({ label: z.string(), points: z.string() })).default([]),
          polyline: z.array(z.unknown()).default([]),
          points: z.array(z.unknown()).default([]),
          mask: z.array(z.unknown()).default([]),
          ellipse: z.array(z.unknown()).default([]),
          cuboid: z.array(z.unknown()).default([]),
          skeleton: z.array(z.unknown()).default([]),
        }),
      )
      .default([]),
  }),
});
type CvatImage = z.infer<typeof cvatFile>["annotations"]["image"][number];

const lists = new Set(
  "track image box polygon polyline points mask ellipse cuboid skeleton label".split(" "),
);
const parser = new XMLParser({
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && lists.has(name),
  parseTagValue: false,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  processEntities: true,
});

/** Reads CVAT's XML format for images: boxes and polygons. */
export function readCvat({ root, files, name }: DatasetFormat, options: ConvertOptions): Converted {
  refusePose(options, root, name);
  const parse = (text: string) => cvatFile.parse(parser.parse(text)).annotations;
  const { read, notes } = readFiles(files, "XML of CVAT", parse);
  const annotated = read.flatMap(({ file, content }) =>
    content.image.map((image) => ({
      name: image.name,
      folders: [dirname(file), join(dirname(file), "images"), root],
      split: guessSplit(image.subset ?? "") ?? guessSplit(image.name),
      size: image.width > 0 && image.height > 0 ? { width: image.width, height: image.height } : undefined,
      shapes: readShapes(image),
    })),
  );
  const others = read
    .flatMap(({ content }) => content.image)
    .reduce((sum, image) => sum + countUnsupportedShapes(image), 0);
  const tracks = read.reduce((sum, { content }) => sum + content.track.length, 0);
  return convertShapes(
    annotated,
    read.flatMap(({ content }) => readLabelNames(content.meta)),
    new SourceImages(root),
    options,
    [
      ...notes,
      ...noteCount(others, "mask, line or point is left out", "masks, lines and points are left out"),
      ...noteCount(tracks, "track of a video is left out", "tracks of a video are left out"),
    ],
  );
}

function readShapes({ box, polygon }: CvatImage): readonly Shape[] {
  const boxes = box.map(({ label, xtl, ytl, xbr, ybr, rotation = 0 }) => ({
    label,
    points: rotateBox([xtl, ytl, xbr, ybr], rotation, [(xtl + xbr) / 2, (ytl + ybr) / 2]),
  }));
  const polygons = polygon.map(({ label, points }) => ({
    label,
    points: points.split(";").map((point) => {
      const [x = Number.NaN, y = Number.NaN] = point.split(",").map(Number);
      return [x, y] as const;
    }),
  }));
  return [...boxes, ...polygons];
}

const countUnsupportedShapes = ({ polyline, points, mask, ellipse, cuboid, skeleton }: CvatImage): number =>
  [polyline, points, mask, ellipse, cuboid, skeleton].reduce((sum, { length }) => sum + length, 0);

/** Reads the label names of a task or project, in CVAT's order. */
function readLabelNames(meta: unknown): readonly string[] {
  const found = labeledMeta.safeParse(meta);
  if (!found.success) return [];
  return Object.values(found.data).flatMap((part) => part?.labels?.label?.map(({ name }) => name) ?? []);
}

const labeledMeta = z.record(
  z.string(),
  z
    .object({ labels: z.object({ label: z.array(z.object({ name: z.string() })).optional() }).optional() })
    .optional()
    .catch(undefined),
);
