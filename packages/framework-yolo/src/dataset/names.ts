import { statSync } from "node:fs";
import { relative, sep } from "node:path";
import { labelPaths } from "./label-files.ts";
import type { FoundImage } from "./walk.ts";

/**
 * What each picture is called within its split on the machine: relative to the split's folder, or to what all of its
 * sources have in common, so that two of them never meet under one name.
 */
export function namesWithin(sources: readonly string[], images: readonly FoundImage[]): readonly string[] {
  const [first, ...others] = sources;
  const base =
    first !== undefined && others.length === 0 && statSync(first).isDirectory() ? first : undefined;
  const folder = base ?? commonFolder(images.map((image) => image.path));
  const names = images.map(({ path }) =>
    (folder === undefined ? path.replace(/^(\w):/, "$1") : relative(folder, path))
      .split(sep)
      .filter(Boolean)
      .join("/"),
  );
  // `train: train` with images/ and labels/ in it.
  return names.every((name) => name.startsWith("images/"))
    ? names.map((name) => name.slice("images/".length))
    : names;
}

/** Where Ultralytics will look for the label of a shipped picture. */
export function shippedLabelPath(image: string): string {
  return (labelPaths(`/${image}`)[0] ?? "").slice(1);
}

/** The deepest folder that holds all of them; undefined when there is none (two drives). */
function commonFolder(paths: readonly string[]): string | undefined {
  let common: readonly string[] | undefined;
  for (const path of paths) {
    const folders = path.split(sep).slice(0, -1);
    const shared = common ?? folders;
    let equal = 0;
    while (equal < shared.length && shared[equal] === folders[equal]) equal++;
    common = shared.slice(0, equal);
  }
  if (common === undefined || common.length === 0) return undefined;
  return common.join(sep) + sep;
}
