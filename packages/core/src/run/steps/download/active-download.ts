import type { FrameworkCaller } from "../../../adapters/assembly.ts";
import type { FileNotDownloaded, JobInput, Provider, SavedFile } from "../../../spec/index.ts";
import type { Connected } from "../../link/link.ts";
import type { SavingRun } from "./output-folder.ts";
import type { DownloadProgress } from "./progress.ts";

/** What it takes to download files. */
export type DownloadingRun = SavingRun &
  Connected &
  FrameworkCaller & { readonly provider: Pick<Provider, "ownership"> };

/** The state of one download of a run's files. */
export interface Download {
  readonly run: DownloadingRun;
  readonly job: JobInput;
  readonly signal: AbortSignal;
  /** Whether the training is still running. Then files are copied on the machine before they are downloaded. */
  readonly isTraining: boolean;
  readonly progress: DownloadProgress;
  readonly purpose: "end" | "pull";
  /** How many files are listed one by one, and how many are only counted, because a list of 100,000 labels is of no use. */
  readonly counts: { listed: number; moreFiles: number; moreBytes: number };
  /** Whether the user was warned that the output folder's disk is too full for all files. */
  readonly overflow: { isReported: boolean };
  readonly saved: SavedFile[];
  readonly notDownloaded: FileNotDownloaded[];
  /** Paths of files that were downloaded or skipped. */
  readonly settled: Set<string>;
}
