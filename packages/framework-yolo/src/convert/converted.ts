import { formatCount } from "@unitrain/core/spec";
import type { RowTask } from "../dataset/row-shapes.ts";

/** An image with its objects as YOLO label rows. */
export interface ConvertedImage {
  /** Absolute path. */
  readonly file: string;
  /** The split that the source assigns; undefined when it assigns none. */
  readonly split: "train" | "val" | "test" | undefined;
  /** `class x y width height`, or `class x1 y1 …`. */
  readonly rows: readonly string[];
}

export type KeyPointNames = readonly string[];

/** A dataset of another form, read. */
export interface Converted {
  readonly names: readonly string[];
  /** For pose: what the key points of an object are called, in their order. */
  readonly keyPoints?: KeyPointNames;
  readonly images: readonly ConvertedImage[];
  /** One sentence for each kind of file or object that was skipped, with the reason. */
  readonly notes: readonly string[];
}

/** Options of a conversion. */
export interface ConvertOptions {
  /** `segment` keeps outlines and `pose` keeps key points; `detect` converts both to boxes. */
  readonly task: Exclude<RowTask, "obb">;
}

/** Formats a box in pixels as `class x y width height`, clipped to the image; undefined when it lies outside. */
export function formatBoxRow(
  id: number,
  [left, top, right, bottom]: readonly [number, number, number, number],
  { width, height }: { readonly width: number; readonly height: number },
): string | undefined {
  const inside = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const [x1, x2] = [inside(left, width), inside(right, width)];
  const [y1, y2] = [inside(top, height), inside(bottom, height)];
  if (!(x2 > x1) || !(y2 > y1)) return undefined;
  const values = [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
  return [id, ...values.map(formatNumber)].join(" ");
}

export const formatNumber = (value: number): string => String(Number(value.toFixed(6)));

/** Guesses the split from a path such as `train2017`, `valid/` or `instances_val.json`. */
export function guessSplit(path: string): ConvertedImage["split"] {
  const words = path.toLowerCase().split(/[^a-z]+/);
  if (words.includes("train") || words.includes("training")) return "train";
  if (words.some((word) => ["val", "valid", "validation", "dev"].includes(word))) return "val";
  return words.some((word) => ["test", "testing"].includes(word)) ? "test" : undefined;
}

/** Returns a list with the note `3 boxes are …`, or an empty list when the count is 0. */
export const noteCount = (count: number, singular: string, plural: string): readonly string[] =>
  count === 0 ? [] : [formatCount(count, singular, plural)];
