import { statSync } from "node:fs";
import type { Conversion } from "@unitrain/core/spec";
import { findFiles } from "./find-files.ts";

/** A dataset in another form than YOLO's (COCO, Pascal VOC, a zip of one), or one without a validation split. */
export async function findConversion(
  path: string,
  { model }: Readonly<Record<string, string | number>>,
): Promise<Conversion | undefined> {
  const isFolder = statSync(path).isDirectory();
  if (!isFolder && /\.ya?ml$/i.test(path)) return undefined;
  const { recognizeForeignDataset, isUnsplit } = await import("../../index.ts");
  const isOurs = isFolder && (await findFiles(path)).datasets.length > 0;
  if (isOurs && !(await isUnsplit(path))) return undefined;
  const foreign = await recognizeForeignDataset(path);
  if (foreign === undefined) return undefined;
  return {
    name: foreign.name,
    suffix: "-yolo",
    convert: async (target) => {
      const { images, classes, isSplitCreated, notes } = foreign.convert(target, {
        task: chooseConversionTask(String(model)),
      });
      const counts = Object.entries(images)
        .filter(([, count]) => count > 0)
        .map(([split, count]) => `${count} ${split}`);
      return {
        summary: `${counts.join(" + ")} images, ${classes} ${classes === 1 ? "class" : "classes"}`,
        notes: isSplitCreated
          ? ["The source has no validation split: one image in five is kept for it."]
          : [],
        warnings: notes.map((note) => `${note}.`),
      };
    },
  };
}

/** Outlines and key points are kept for a model that learns them. */
function chooseConversionTask(model: string) {
  return /-seg[-.]/.test(model) ? "segment" : /-pose[-.]/.test(model) ? "pose" : "detect";
}
