import { dirname } from "node:path";
import { type ClassCount, type DatasetLocation, formatCount, type ManifestEntry } from "@unitrain/core/spec";

/** The result of checking a dataset, for any task. */
export interface CheckedDataset {
  /** A small number of files in any order. */
  readonly unsorted: readonly ManifestEntry[];
  /** Groups of files, each sorted by path, in the order of their paths. */
  readonly sortedGroups: readonly (() => Iterable<ManifestEntry>)[];
  readonly summary: string;
  /** Undefined when the classes are unknown. */
  readonly classes: readonly ClassCount[] | undefined;
  readonly location: DatasetLocation;
}

/** Formats the summary `128 train + 32 val images, 2 classes`, with `, 3 left out` when images are skipped. */
export function summarize(
  splits: readonly { readonly name: string; readonly images: number }[],
  classes: number,
  skippedImages = 0,
): string {
  const counts = splits.map(({ name, images }) => `${images} ${name}`).join(" + ");
  const without = skippedImages === 0 ? "" : `, ${skippedImages} left out`;
  return `${counts} images, ${formatCount(classes, "class", "classes")}${without}`;
}

/** Returns the location of a dataset, and the folder of its first validation image. */
export const getLocation = (path: string, image: { readonly path: string } | undefined): DatasetLocation =>
  image === undefined ? { path } : { path, samples: dirname(image.path) };
