import { dirname, relative } from "node:path";
import * as z from "zod";
import type { DatasetFormat } from "../dataset/formats/recognize.ts";
import { type Converted, type ConvertOptions, guessSplit, noteCount } from "./converted.ts";
import { readFiles } from "./read-files.ts";
import { convertShapes, refusePose, rotateBox, type Shape } from "./shapes.ts";
import { SourceImages } from "./source-images.ts";

const labelMeFile = z.looseObject({
  imagePath: z.string(),
  imageWidth: z.number().nullish(),
  imageHeight: z.number().nullish(),
  shapes: z.array(
    z.looseObject({
      label: z.string(),
      shape_type: z.string().default("polygon"),
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
});
type LabelMeShape = z.infer<typeof labelMeFile>["shapes"][number];

/** Reads LabelMe's JSON files, one per image: rectangles, circles and polygons. */
export function readLabelMe({ root, files, name }: DatasetFormat, options: ConvertOptions): Converted {
  refusePose(options, root, name);
  const skippedCounts = { unsupported: 0 };
  const { read: all, notes } = readFiles(files, "JSON of LabelMe", (text) =>
    labelMeFile.parse(JSON.parse(text)),
  );
  const annotated = all.map(({ file, content }) => {
    const { imagePath, imageWidth, imageHeight, shapes } = content;
    const read = shapes.flatMap(readShape);
    skippedCounts.unsupported += shapes.length - read.length;
    return {
      name: imagePath,
      folders: [dirname(file), root],
      split: guessSplit(relative(root, file)),
      size: imageWidth && imageHeight ? { width: imageWidth, height: imageHeight } : undefined,
      shapes: read,
    };
  });
  return convertShapes(annotated, [], new SourceImages(root), options, [
    ...notes,
    ...noteCount(skippedCounts.unsupported, "line or point is left out", "lines and points are left out"),
  ]);
}

function readShape({ label, shape_type: kind, points }: LabelMeShape): readonly Shape[] {
  const [[x, y] = [0, 0], [otherX, otherY] = [0, 0]] = points;
  switch (kind) {
    case "rectangle":
      return [{ label, points: rotateBox([x, y, otherX, otherY], 0, [x, y]) }];
    case "circle": {
      const radius = Math.hypot(otherX - x, otherY - y);
      return [{ label, points: rotateBox([x - radius, y - radius, x + radius, y + radius], 0, [x, y]) }];
    }
    case "polygon":
      return [{ label, points }];
    default:
      return [];
  }
}
