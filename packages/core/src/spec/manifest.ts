import type { FileContent } from "./file-content.ts";

/** One file that is shipped. */
export interface ManifestEntry {
  /** Relative, `/` between its parts, without `.`, `..` or an empty part; exactly as it shall be called there. */
  readonly path: string;
  readonly from: FileSource | { readonly bytes: Uint8Array };
  readonly sizeBytes: number;
  /** Hex. Filled in by core before it is shipped; a file that no longer has it is an error that names it. */
  readonly sha256?: string;
  readonly executable?: boolean;
}

/** A file on this computer. */
export interface FileSource {
  readonly file: string;
  /** What a framework that has read all of the file found in it: then core need not open it again. */
  readonly content?: FileContent;
}

/** What is shipped. `entries()` begins anew on each call (a retry must not ship nothing), in batches (a million single steps cost a second). */
export interface Manifest {
  entries(): AsyncIterable<readonly ManifestEntry[]>;
}

/** A manifest on its way: what a session is given to ship. */
export interface Shipment {
  /** Every entry has its `sha256`. */
  readonly manifest: Manifest;
  /** Names the content: two shipments with the same digest are the same files. Hex. */
  readonly digest: string;
  readonly files: number;
  readonly bytes: number;
  /** The run's own view of the files, absolute, below the machine's work folder. */
  readonly target: string;
}

export interface ShipProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
}

/** How much had to travel. `reusedBytes` were there already. */
export interface ShipResult {
  readonly sentBytes: number;
  readonly reusedBytes: number;
}
