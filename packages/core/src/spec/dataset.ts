import type { Manifest } from "./manifest.ts";

/** Where the training data comes from. A framework refuses the kinds that it does not support. */
export type DataSource =
  /** A file or folder on this computer. */
  | { readonly kind: "local"; readonly path: string }
  /** A folder that is already on the machine. */
  | { readonly kind: "machine"; readonly path: string }
  /** Data to download; `sha256` is its digest in hex. */
  | { readonly kind: "url"; readonly url: string; readonly sha256: string }
  /** A dataset that the framework knows by name: `coco8.yaml`. */
  | { readonly kind: "named"; readonly name: string }
  /** The training needs no data. */
  | { readonly kind: "none" };

/** A problem that the check of a dataset found. An `error` refuses the plan; a `warning` is only shown. */
export interface Finding {
  /** The cause in a few words: `class ids`. Findings of the same kind are summarized together. */
  readonly kind: string;
  readonly severity: "error" | "warning";
  /** The file that has the problem. */
  readonly file: string;
  /** The line in that file, counted from 1. */
  readonly line?: number;
  readonly message: string;
}

/** How many examples of a class the dataset has: objects, or images if each image has exactly one class. */
export interface ClassCount {
  readonly name: string;
  readonly train: number;
  readonly val: number;
}

/** The absolute paths of a dataset on this computer, as the framework's own tools expect them. */
export interface DatasetLocation {
  /** The description file (`data.yaml`) or the folder of the dataset. */
  readonly path: string;
  /** A folder with inputs to try the model on, such as the validation images. */
  readonly samples?: string;
}

/** What a framework found in a dataset before anything is spent. */
export interface DatasetReport {
  /** The files that the training reads, and no others. */
  readonly manifest: Manifest;
  /** One line for the user: `128 train + 32 val, 2 classes`. */
  readonly summary: string;
  /** The classes in the order of their ids; left out by frameworks without classes. */
  readonly classes?: readonly ClassCount[];
  /** All findings. Screens summarize them by kind. */
  readonly findings: readonly Finding[];
  readonly location?: DatasetLocation;
  /**
   * The absolute paths that the report depends on besides the files in the manifest: descriptions, lists, and every folder that was
   * searched, including missing ones. While none of them changes, `start` does not call `check` again. Without this list it always does.
   */
  readonly inspectedPaths?: readonly string[];
}
