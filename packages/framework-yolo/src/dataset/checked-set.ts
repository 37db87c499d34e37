import { dirname } from "node:path";
import type { ClassCount, DatasetLocation, ManifestEntry } from "@unitrain/core/spec";

/** A dataset of any task, looked through. */
export interface CheckedSet {
  readonly entries: readonly ManifestEntry[];
  readonly summary: string;
  /** Undefined where it is not known what the classes are. */
  readonly classes: readonly ClassCount[] | undefined;
  readonly location: DatasetLocation;
}

/** `128 train + 32 val images, 2 classes` */
export function summaryOf(
  splits: readonly { readonly name: string; readonly images: number }[],
  classes: number,
): string {
  const counts = splits.map(({ name, images }) => `${images} ${name}`).join(" + ");
  return `${counts} images, ${classes} ${classes === 1 ? "class" : "classes"}`;
}

/** Where a set lies, and where its first validation image does. */
export const locationOf = (path: string, image: { readonly path: string } | undefined): DatasetLocation =>
  image === undefined ? { path } : { path, samples: dirname(image.path) };
