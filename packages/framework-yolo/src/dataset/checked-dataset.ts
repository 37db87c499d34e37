import { dirname } from "node:path";
import { type ClassCount, type DatasetLocation, formatCount, type ManifestEntry } from "@unitrain/core/spec";

/** A dataset of any task, looked through. */
export interface CheckedDataset {
  /** Files that need not be in any order. */
  readonly unsorted: readonly ManifestEntry[];
  /** Groups of any number of files, sorted by path, one group after the other. */
  readonly sortedGroups: readonly (() => Iterable<ManifestEntry>)[];
  readonly summary: string;
  /** Undefined where it is not known what the classes are. */
  readonly classes: readonly ClassCount[] | undefined;
  readonly location: DatasetLocation;
}

/** `128 train + 32 val images, 2 classes`; with `, 3 left out` where some are not shipped. */
export function summarize(
  splits: readonly { readonly name: string; readonly images: number }[],
  classes: number,
  skippedImages = 0,
): string {
  const counts = splits.map(({ name, images }) => `${images} ${name}`).join(" + ");
  const without = skippedImages === 0 ? "" : `, ${skippedImages} left out`;
  return `${counts} images, ${formatCount(classes, "class", "classes")}${without}`;
}

/** Where a set lies, and where its first validation image does. */
export const getLocation = (path: string, image: { readonly path: string } | undefined): DatasetLocation =>
  image === undefined ? { path } : { path, samples: dirname(image.path) };
