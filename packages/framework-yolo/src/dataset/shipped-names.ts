import { statSync } from "node:fs";
import { relative, sep } from "node:path";
import type { FoundImage, ImageList } from "./image-list.ts";
import { getLabelPaths } from "./label-files.ts";

/**
 * Creates a function that returns an image's name within its split on the machine: relative to the split's folder, or
 * to the common folder of all its sources, so that names never collide.
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
  const getName = (path: string): string => {
    const name = folder === undefined ? path.replace(/^(\w):/, "$1") : toRelative(folder, path);
    return name.includes(sep) ? name.split(sep).filter(Boolean).join("/") : name;
  };
  // `train: train` with images/ and labels/ in that folder.
  const isInImages = filled.every((path) => `${getName(path)}/`.startsWith("images/"));
  return ({ path }) => (isInImages ? getName(path).slice("images/".length) : getName(path));
}

/** Calls the slow `relative` only for paths that do not start with the folder. */
function toRelative(folder: string, path: string): string {
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(prefix) ? path.slice(prefix.length) : relative(folder, path);
}

/** Returns the path where Ultralytics searches the label of an uploaded image. */
export function getShippedLabelPath(image: string): string {
  return (getLabelPaths(`/${image}`)[0] ?? "").slice(1);
}

/** Returns the deepest common folder; undefined when there is none (two drives). */
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
