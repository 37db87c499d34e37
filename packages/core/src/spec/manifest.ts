import type { FileContent } from "./file-content.ts";

/** A file to upload. */
export interface ManifestEntry {
  /** The relative path on the machine, with `/` as separator and without `.`, `..` or empty parts. */
  readonly path: string;
  /** The content: a file on this computer, or the bytes themselves. */
  readonly from: FileSource | { readonly bytes: Uint8Array };
  readonly sizeBytes: number;
  /** The SHA-256 digest in hex. Core sets it before the upload; a file that changes afterwards is an error that names it. */
  readonly sha256?: string;
  readonly executable?: boolean;
}

/** A file on this computer. */
export interface FileSource {
  /** The absolute path. */
  readonly file: string;
  /** What a framework that has read the whole file found in it. Core then need not open the file again. */
  readonly content?: FileContent;
}

/** The list of files to upload. */
export interface Manifest {
  /**
   * Yields all entries, from the first one on each call, because a retry reads them again. It yields batches, because a million
   * single steps would cost a second.
   */
  entries(): AsyncIterable<readonly ManifestEntry[]>;
}

/**
 * The manifest that a `ship` hook gets. It is not a list: `entries()` yields lists of files, and a hook that changes them returns a
 * manifest of its own.
 */
export interface ManifestToChange extends Manifest {
  readonly entries: Manifest["entries"] & {
    /** The number of parameters of a function, not of files. It is `unknown`, so that calculating with it does not compile. */
    readonly length: unknown;
  };
}

/** The upload that `Session.ship` gets. */
export interface Shipment {
  /** The files; every entry has its `sha256`. */
  readonly manifest: Manifest;
  /** Identifies the content, in hex: two shipments with the same digest consist of the same files. */
  readonly digest: string;
  /** The number of files. */
  readonly files: number;
  /** The total size of the files. */
  readonly bytes: number;
  /** The absolute path below the machine's work folder where the run will find the files. */
  readonly target: string;
}

/** The progress of an upload. */
export interface ShipProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
}

/** The result of an upload: how many bytes were sent, and how many were on the machine already. */
export interface ShipResult {
  readonly sentBytes: number;
  readonly reusedBytes: number;
}
