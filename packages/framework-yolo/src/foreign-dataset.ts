import type { ForeignDataset } from "./convert/convert.ts";

/**
 * Recognizes a dataset of another form (COCO, Pascal VOC, darknet, labelImg), or a zip of one, which can be converted into
 * YOLO's. Undefined for what is none of them. Throws `INVALID_DATASET` for one that must be exported in another way.
 */
export async function recognizeForeignDataset(path: string): Promise<ForeignDataset | undefined> {
  // Only `init` converts: nobody else waits for the parsers.
  const { recognizeForeignDataset: recognize } = await import("./convert/convert.ts");
  if (!/\.zip$/i.test(path)) return recognize(path);
  const [{ unpackZip }, { Yielder }] = await Promise.all([
    import("./dataset/archive.ts"),
    import("./dataset/yielder.ts"),
  ]);
  return recognize(await unpackZip(path, new Yielder(new AbortController().signal)));
}

/** Whether a folder is a set in YOLO's own form that has no val split, which `recognizeForeignDataset` divides. */
export async function isUnsplit(folder: string): Promise<boolean> {
  const { findUnsplitYaml } = await import("./convert/unsplit.ts");
  return findUnsplitYaml(folder) !== undefined;
}
