import { UnitrainError } from "@unitrain/core/spec";
import { formatPath } from "../dataset/findings.ts";
import { type DatasetFormat, formatNames, recognizeFormat } from "../dataset/formats/recognize.ts";
import { canConvert, getFormatHint } from "../dataset/formats/refuse-format.ts";
import { assignSplits } from "./assign-splits.ts";
import { readCoco } from "./coco.ts";
import type { Converted, ConvertOptions } from "./converted.ts";
import { readCvat } from "./cvat.ts";
import { readLabelMe } from "./label-me.ts";
import { readLabelStudio } from "./label-studio.ts";
import { readDarknet, readLabelImg } from "./labeled-folder.ts";
import { findUnsplitYaml, readUnsplit } from "./unsplit.ts";
import { readVoc } from "./voc.ts";
import { writeDataset } from "./write-dataset.ts";

/** Divides the same dataset in the same way each time. */
const seed = 0;

/** A dataset that is written in another form than YOLO's. */
export interface ForeignDataset {
  /** `a COCO dataset` */
  readonly name: string;
  /** Converts it into a new folder; the source is only read. Throws `INVALID_DATASET` where it makes no sense. */
  convert(target: string, options: ConvertOptions): ConversionReport;
}

/** What a conversion made. */
export interface ConversionReport {
  readonly images: Readonly<Record<"train" | "val" | "test", number>>;
  readonly classes: number;
  /** The split was made here, because the source has none. */
  readonly isSplitCreated: boolean;
  readonly notes: readonly string[];
}

/** Recognizes a folder (or file) as a dataset of another form. Throws `INVALID_DATASET` for one that cannot be converted. */
export function recognizeForeignDataset(path: string): ForeignDataset | undefined {
  const undivided = findUnsplitYaml(path);
  const format =
    undivided === undefined
      ? recognizeFormat(path)
      : { id: "undivided" as const, name: formatNames.undivided, root: path, files: [undivided] };
  if (format === undefined) return undefined;
  if (!canConvert(format)) {
    throw new UnitrainError(
      "INVALID_DATASET",
      `${formatPath(path)} is ${format.name}, which cannot be converted here.`,
      {
        hint: getFormatHint(format, path),
      },
    );
  }
  return { name: format.name, convert: (target, options) => convert(format, target, options) };
}

function convert(format: DatasetFormat, target: string, options: ConvertOptions): ConversionReport {
  const converted = read(format, options);
  const { names, images, notes } = converted;
  if (images.length < 2 || names.length === 0) {
    const missing = names.length === 0 ? "no classes" : images.length === 0 ? "no images" : "only one image";
    throw new UnitrainError(
      "INVALID_DATASET",
      [`${formatPath(format.root)} is ${format.name} with ${missing} that can be used.`, ...notes].join("\n"),
      { hint: "Put the images beside the annotations." },
    );
  }
  const assigned = assignSplits(images, seed);
  writeDataset(target, converted, assigned);
  const count = (split: string) => assigned.filter((image) => image.split === split).length;
  return {
    images: { train: count("train"), val: count("val"), test: count("test") },
    classes: names.length,
    isSplitCreated: count("val") !== images.filter(({ split }) => split === "val").length,
    notes,
  };
}

function read(format: DatasetFormat, options: ConvertOptions): Converted {
  switch (format.id) {
    case "coco":
      return readCoco(format, options);
    case "voc":
      return readVoc(format, options);
    case "darknet":
      return readDarknet(format);
    case "cvat":
      return readCvat(format, options);
    case "label-studio":
      return readLabelStudio(format, options);
    case "labelme":
      return readLabelMe(format, options);
    case "undivided":
      return readUnsplit(format);
    default:
      return readLabelImg(format);
  }
}
