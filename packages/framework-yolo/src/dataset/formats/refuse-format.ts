import { UnitrainError } from "@unitrain/core/spec";
import { formatPath } from "../findings.ts";
import { type DatasetFormat, recognizeFormat } from "./recognize.ts";

/**
 * Throws `INVALID_DATASET` for an archive or a dataset in another format, with a hint on how to convert it. Returns for
 * other files.
 */
export function refuseOtherFormat(path: string): void {
  if (/\.(?:tar|tgz|gz|bz2|xz|7z|rar)$/i.test(path)) {
    throw createError(
      `${formatPath(path)} is an archive that unitrain cannot unpack.`,
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

/** Returns whether `unitrain init` can convert the format. */
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
