import { statSync } from "node:fs";
import { relative, sep } from "node:path";
import type { FoundImage, ImageList } from "./image-list.ts";
import { getLabelPaths } from "./label-files.ts";

/**
 * What each image is called within its split on the machine: relative to the split's folder, or to what all of its
 * sources have in common, so that two of them never meet under one name.
 */
export function createNamer(
  sources: readonly string[],
  images: ImageList,
): (image: Pick<FoundImage, "path">) => string {
  const [first, ...others] = sources;
  const base =
    first !== undefined && others.length === 0 && statSync(first).isDirectory() ? first : undefined;
  const filled = images.folders.filter(({ names }) => names.length > 0).map(({ path }) => path);
  const folder = base ?? findCommonFolder(filled);
  const getName = (path: string): string =>
    (folder === undefined ? path.replace(/^(\w):/, "$1") : toRelative(folder, path))
      .split(sep)
      .filter(Boolean)
      .join("/");
  // `train: train` with images/ and labels/ in it.
  const isInImages = filled.every((path) => `${getName(path)}/`.startsWith("images/"));
  return ({ path }) => (isInImages ? getName(path).slice("images/".length) : getName(path));
}

/** `relative`, which is slow, only for what does not simply begin with the folder. */
function toRelative(folder: string, path: string): string {
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(prefix) ? path.slice(prefix.length) : relative(folder, path);
}

/** Where Ultralytics will look for the label of a shipped image. */
export function getShippedLabelPath(image: string): string {
  return (getLabelPaths(`/${image}`)[0] ?? "").slice(1);
}

/** The deepest folder that is, or holds, all of them; undefined when there is none (two drives). */
function findCommonFolder(folders: readonly string[]): string | undefined {
  let common: readonly string[] | undefined;
  for (const folder of folders) {
    const parts = folder.split(sep);
    const shared = common ?? parts;
    let equal = 0;
    while (equal < shared.length && shared[equal] === parts[equal]) equal++;
    common = shared.slice(0, equal);
  }
  if (common === undefined || common.length === 0) return undefined;
  return common.join(sep) + sep;
}
