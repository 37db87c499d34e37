import type { ForeignDataset } from "./convert/convert.ts";

/**
 * Recognizes a dataset of another form (COCO, Pascal VOC, darknet, labelImg), or a zip of one, which can be converted into
 * YOLO's. Undefined for what is none of them. Throws `INVALID_DATASET` for one that must be exported in another way.
 */
export async function foreignDataset(path: string): Promise<ForeignDataset | undefined> {
  // Only `init` converts: nobody else waits for the parsers.
  const { foreignDataset } = await import("./convert/convert.ts");
  if (!/\.zip$/i.test(path)) return foreignDataset(path);
  const [{ unpackZip: unpacked }, { Yielder }] = await Promise.all([
    import("./dataset/archive.ts"),
    import("./dataset/yielder.ts"),
  ]);
  return foreignDataset(await unpacked(path, new Yielder(new AbortController().signal)));
}

/** Whether a folder is a set in YOLO's own form that has no val split, which `foreignDataset` divides. */
export async function isUndivided(folder: string): Promise<boolean> {
  const { undividedYaml } = await import("./convert/undivided.ts");
  return undividedYaml(folder) !== undefined;
}
