import type { FileNotDownloaded, JobInput, SavedFile } from "../../../spec/index.ts";
import type { ActiveRun } from "../../active-run.ts";
import type { DownloadProgress } from "./progress.ts";

/** Everything that the download of one run needs. */
export interface Download {
  readonly run: ActiveRun;
  readonly job: JobInput;
  readonly signal: AbortSignal;
  /** The training goes on: files are copied on the machine before they are downloaded. */
  readonly isTraining: boolean;
  readonly progress: DownloadProgress;
  readonly purpose: "end" | "pull";
  /** How many files to list one by one; of 100,000 labels nobody reads a list. */
  readonly counts: { listed: number; moreFiles: number; moreBytes: number };
  /** Whether it was said that the output folder's disk has no room for everything. */
  readonly overflow: { isReported: boolean };
  readonly saved: SavedFile[];
  readonly notDownloaded: FileNotDownloaded[];
  /** Paths of files that are here or left. */
  readonly settled: Set<string>;
}
