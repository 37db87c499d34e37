import type { Manifest } from "./manifest.ts";

/** What is trained on. */
export type DataSource =
  | { readonly kind: "local"; readonly path: string }
  | { readonly kind: "machine"; readonly path: string }
  | { readonly kind: "url"; readonly url: string; readonly sha256: string }
  /** What the framework itself knows: `coco8.yaml`. */
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "none" };

/** One problem that the check of a dataset found. An `error` refuses the plan; a `warning` is shown. */
export interface Finding {
  /** What findings of the same cause have in common, in a few words: `class ids`. They are summarized together. */
  readonly kind: string;
  readonly severity: "error" | "warning";
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  readonly message: string;
}

/** How often a class is there to learn from: objects, or images where each image is of one class. */
export interface ClassCount {
  readonly name: string;
  readonly train: number;
  readonly val: number;
}

/** Where a dataset lies on this computer, absolute, as its user names it to the framework's own tools. */
export interface DatasetLocation {
  /** A description (`data.yaml`) or a folder. */
  readonly path: string;
  /** A folder with inputs to try the model on: the validation images. */
  readonly samples?: string;
}

/** What a framework says of a dataset before anything is spent. */
export interface DatasetReport {
  /** Only what the training reads. */
  readonly manifest: Manifest;
  /** For a person: `128 train + 32 val, 2 classes`. */
  readonly summary: string;
  /** In the order of their ids; left out where a framework has no classes. */
  readonly classes?: readonly ClassCount[];
  /** All of them. A summary by kind is made of them where they are shown. */
  readonly findings: readonly Finding[];
  readonly location?: DatasetLocation;
  /**
   * Absolute paths that the report depends on besides the files in the manifest: descriptions, lists, and every folder that was
   * searched, also where there is none. While none of them changes, `start` does not ask again. Left out, it always asks.
   */
  readonly inspectedPaths?: readonly string[];
}
