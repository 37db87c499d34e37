import type { CallContext } from "./call-context.ts";
import type { JobInput } from "./job.ts";

/** A regular file on the machine. */
export interface RemoteFile {
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

/** A file on the machine, and the absolute path on this computer that it is downloaded to. */
export interface FileToFetch {
  readonly file: RemoteFile;
  readonly localPath: string;
}

/** A file of the training that was not downloaded. */
export interface FileNotDownloaded {
  /** Absolute, on the machine. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Why it was not downloaded: `it does not fit into --max-output`. */
  readonly reason: string;
}

/** A file that was downloaded. */
export interface SavedFile {
  /** Relative to the run's output, `/` between its parts. */
  readonly path: string;
  readonly localPath: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly role: "model" | "extra";
  /** Of a model: better ones that were incomplete on the machine, by their paths. */
  readonly insteadOf?: readonly string[];
}

/** What is looked through to find the model. */
export interface LocateInput {
  /** The attempt's output folder, absolute. */
  readonly root: string;
  readonly job: JobInput;
  /** Everything below the run's own folder on the machine. */
  readonly files: readonly RemoteFile[];
  /** The end of the training's log (64 KiB), masked. */
  readonly logTail: string;
  /** A small text file on the machine, 1 MiB at most; undefined when it cannot be read. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** A framework's knowledge of what its training leaves behind. Called by core once the job has ended. */
export interface ArtifactRules {
  /** The models, best first; undefined when they are not where they should be: core then searches. */
  locate(input: LocateInput, context: CallContext): Promise<readonly RemoteFile[] | undefined>;
  /** What core's own search of the run's folder accepts as a model, as globs on the file name: `*.pt`. */
  readonly search: readonly string[];
  /** Sorts what the search found, best first, and leaves out what is not a model of this run (a base weight). */
  rank(files: readonly RemoteFile[]): readonly RemoteFile[];
  /** Where else it may lie, absolute folders or files, tried in this order after the search. */
  alternatives(job: JobInput): readonly string[];
  /** What is downloaded right after the model, ahead of the rest of the output: globs relative to `root`. */
  readonly extraFiles: readonly string[];
  /**
   * Whether a file of the scratch folder (by its path in there) was written by the user's own code: then it is downloaded too, into
   * `working-folder/`. By default none is.
   */
  readonly isUserFile?: (path: string) => boolean;
  /** Whether a file was downloaded as a whole model. Asked for every file that `search` accepts, before it replaces anything. */
  isComplete(localPath: string): Promise<boolean>;
  /** What a person can do when there is none. */
  readonly hint: string;
}
