import type { CallContext } from "./call-context.ts";
import type { JobInput } from "./job.ts";

/** A regular file on the machine. */
export interface RemoteFile {
  /** The absolute path on the machine. */
  readonly path: string;
  readonly sizeBytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

/** A file on the machine, and the absolute path on this computer to download it to. */
export interface FileToFetch {
  readonly file: RemoteFile;
  readonly localPath: string;
}

/** A file of the training that was not downloaded. */
export interface FileNotDownloaded {
  /** The absolute path on the machine. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Why it was not downloaded, as the end of a sentence: `it does not fit into --max-output`. */
  readonly reason: string;
}

/** A file that was downloaded. */
export interface SavedFile {
  /** The path relative to the run's output folder, with `/` as separator. */
  readonly path: string;
  /** The absolute path on this computer. */
  readonly localPath: string;
  readonly sizeBytes: number;
  /** The SHA-256 digest of the content, in hex. */
  readonly sha256: string;
  readonly role: "model" | "extra";
  /** For a model: the paths of better candidates that were incomplete on the machine. */
  readonly insteadOf?: readonly string[];
}

/** What a framework or a `locateArtifact` hook can look at to find the model. */
export interface LocateInput {
  /** The absolute path of the attempt's output folder. */
  readonly root: string;
  readonly job: JobInput;
  /** All files below the run's folder on the machine. */
  readonly files: readonly RemoteFile[];
  /** The last 64 KiB of the training's log, with secrets masked. */
  readonly logTail: string;
  /** Reads a text file of at most 1 MiB on the machine; resolves with undefined when it cannot be read. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** How to find and check the files that a training writes. Core calls these rules once the job has ended. */
export interface ArtifactRules {
  /** Returns the models, best first, or undefined when they are not where the framework puts them; core then searches. */
  locate(input: LocateInput, context: CallContext): Promise<readonly RemoteFile[] | undefined>;
  /** Globs on the file name that core's search of the run's folder accepts as a model: `*.pt`. */
  readonly search: readonly string[];
  /** Sorts the files that the search found, best first, and drops those that are not a model of this run, such as a base weight. */
  rank(files: readonly RemoteFile[]): readonly RemoteFile[];
  /** Returns absolute paths of other files and folders that may hold the model, tried in this order after the search. */
  alternatives(job: JobInput): readonly string[];
  /** Globs relative to `root` of the files to download right after the model, before the rest of the output. */
  readonly extraFiles: readonly string[];
  /**
   * Whether the user's own code wrote a file of the scratch folder, given also its path relative to that folder. Such files are
   * downloaded into `working-folder/`. By default none are.
   */
  readonly isUserFile?: (path: string, file: RemoteFile) => boolean;
  /**
   * Whether files of the scratch folder are downloaded under the same relative paths instead, a model too. For a framework whose users
   * know that folder as the one that their command runs in.
   */
  readonly keepsPaths?: boolean;
  /** Whether a downloaded file is a complete model. Called for every file that `search` accepts, before it replaces another file. */
  isComplete(localPath: string): Promise<boolean>;
  /** What the user can do when no model was found, in the imperative. */
  readonly hint: string;
  /** Says why no model was found, from all files of the attempt; by default the files of the output folder are listed. Pure. */
  explainMissing?(
    input: Pick<LocateInput, "job" | "files">,
  ): { readonly message: string; readonly hint: string } | undefined;
}
