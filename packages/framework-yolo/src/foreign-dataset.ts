import type { ForeignDataset } from "./convert/convert.ts";
import { Yielder } from "./dataset/yielder.ts";

/**
 * Recognizes a dataset in another format (COCO, Pascal VOC, darknet, CVAT, Label Studio, LabelMe, labelImg, or YOLO
 * without a val split), or a zip with one, and returns a handle that converts it to YOLO's format.
 *
 * @param path A folder, an annotation file or a zip on this computer.
 * @returns Undefined when the format is unknown or YOLO's own.
 * @throws UnitrainError `INVALID_DATASET` for a format that has to be exported differently, or a zip that cannot be
 * unpacked.
 *
 * @example
 * ```ts
 * import { recognizeForeignDataset } from "@unitrain/framework-yolo";
 *
 * const dataset = await recognizeForeignDataset("./coco");
 * const report = dataset?.convert("./coco-yolo", { task: "detect" });
 * console.log(dataset?.name, report?.images.train);
 * ```
 */
export async function recognizeForeignDataset(path: string): Promise<ForeignDataset | undefined> {
  // Imported here, because only `init` needs the parsers.
  const { recognizeForeignDataset: recognize } = await import("./convert/convert.ts");
  if (!/\.zip$/i.test(path)) return recognize(path);
  const { unpackZip } = await import("./dataset/archive.ts");
  return recognize(await unpackZip(path, new Yielder(new AbortController().signal)));
}

/**
 * Returns whether a folder is a dataset in YOLO's format without a val split, which `recognizeForeignDataset` can
 * split.
 *
 * @param folder A folder on this computer.
 *
 * @example
 * ```ts
 * import { isUnsplit } from "@unitrain/framework-yolo";
 *
 * console.log(await isUnsplit("./pallets"));
 * ```
 */
export async function isUnsplit(folder: string): Promise<boolean> {
  const { findUnsplitYaml } = await import("./convert/unsplit.ts");
  return findUnsplitYaml(folder) !== undefined;
}
