import { UnitrainError } from "@unitrain/core/spec";
import { formatPath } from "../findings.ts";
import { type DatasetFormat, recognizeFormat } from "./recognize.ts";

/** Throws `INVALID_DATASET` that names the form of a dataset that is not YOLO's own, and what converts it. */
export function refuseOtherFormat(path: string): void {
  if (/\.(?:tar|tgz|gz|bz2|xz|7z|rar)$/i.test(path)) {
    throw createError(
      `${formatPath(path)} is not a dataset, but an archive of one.`,
      "Unpack it and name its folder.",
    );
  }
  const format = recognizeFormat(path);
  if (format === undefined) return;
  throw createError(
    `${formatPath(path)} is ${format.name} (${formatPath(format.files[0] ?? path)}), which YOLO cannot read.`,
    getFormatHint(format, path),
  );
}

/** Whether `unitrain init` makes a YOLO dataset of it. */
export const canConvert = ({ id }: Pick<DatasetFormat, "id">): boolean =>
  !["supervisely", "via", "createml", "csv", "tfrecord"].includes(id);

export function getFormatHint(format: DatasetFormat, path: string): string {
  if (canConvert(format))
    return `Convert it into a new folder: unitrain init --data ${quoteForShell(formatPath(path))}`;
  return "Export it as YOLO or COCO from the tool that wrote it, then name that folder.";
}

const quoteForShell = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;

const createError = (message: string, hint: string) =>
  new UnitrainError("INVALID_DATASET", message, { hint });
