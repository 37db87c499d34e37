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

/** Fixed, so that the same dataset is split the same way every time. */
const seed = 0;

/** A dataset in another format than YOLO's, which can be converted. */
export interface ForeignDataset {
  /** The format for display, such as `a COCO dataset`. */
  readonly name: string;
  /**
   * Writes the dataset in YOLO's format into a new folder. The source is only read.
   *
   * @param target Folder to create; it must not exist.
   * @param options The task that the model will be trained for.
   * @throws UnitrainError `INVALID_DATASET` when no images or classes can be converted, `INVALID_OPTIONS` when `target`
   * exists.
   */
  convert(target: string, options: ConvertOptions): ConversionReport;
}

/** The result of a conversion. */
export interface ConversionReport {
  readonly images: Readonly<Record<"train" | "val" | "test", number>>;
  readonly classes: number;
  /** The source has no validation split, so one image in five was assigned to it. */
  readonly isSplitCreated: boolean;
  readonly notes: readonly string[];
}

/**
 * Recognizes a folder or file as a dataset in another format. Throws `INVALID_DATASET` for a format that cannot be
 * converted.
 */
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
      `${formatPath(path)} is ${format.name}, which unitrain cannot convert.`,
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
      [
        `${formatPath(format.root)} cannot be converted: it is ${format.name} with ${missing} that can be used.`,
        ...notes,
      ].join("\n"),
      { hint: "Put the images in the folder of the annotations." },
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
