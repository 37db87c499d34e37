import type { FileToFetch, RemoteFile } from "./artifact.ts";
import type { CallContext } from "./call-context.ts";
import type { Command, CommandResult } from "./command.ts";
import type { FollowPart, Job, JobState } from "./job.ts";
import type { MachineFacts } from "./machine.ts";
import type { Shipment, ShipProgress, ShipResult } from "./manifest.ts";

/**
 * An open connection, and all that core does on a machine. A lost connection is an error with the code
 * `CONNECTION_LOST`: core connects anew and calls again, so every method here is safe to call twice.
 */
export interface Session extends AsyncDisposable {
  /** What only a person can do when this connection has to be made again: `an answer at the terminal`. Left out where nobody is needed. */
  readonly loginNeedsPerson?: string;
  facts(context: CallContext): Promise<MachineFacts>;
  /**
   * Facts about the node that runs this job, where that is another computer than the one that answers (a cluster's login node).
   * The checks of room and GPUs use these. Left out where jobs run on the machine itself. Rejects while the job is not running.
   */
  jobFacts?(jobId: string, context: CallContext): Promise<MachineFacts>;
  /** Runs a command to its end. A program that cannot be found is exit code 127, as in a shell. */
  run(command: Command, context: CallContext): Promise<CommandResult>;
  /** Brings the files there, checks each one's size and sha256 there, and gives the run its own view of them at `target`. */
  ship(shipment: Shipment, context: CallContext, progress: (done: ShipProgress) => void): Promise<ShipResult>;
  /**
   * Starts the job detached from us; resolves once it is known to hold. Starting the same id twice is one job.
   * `secrets` (variable name to value) travel over stdin, never through arguments.
   */
  start(job: Job, secrets: Readonly<Record<string, string>>, context: CallContext): Promise<void>;
  getJobState(jobId: string, context: CallContext): Promise<JobState>;
  /**
   * Raw bytes of the log from `offset` on, and the watched files whole when they changed, until the job has ended and all is read.
   * The first part of each watched file that exists is given once at the beginning.
   */
  follow(jobId: string, offset: number, context: CallContext): AsyncIterable<FollowPart>;
  /** TERM to the job's first process, then to the others once it is gone or half of `graceMs` is over, KILL after all of it. Resolves when nothing is left. */
  stop(jobId: string, graceMs: number, context: CallContext): Promise<void>;
  /** Regular files below `root` (absolute), links never followed. A folder that is not there has no files. */
  list(root: string, context: CallContext): AsyncIterable<RemoteFile>;
  /** Resumes a partial `localPath`; resolves with the sha256 (hex) when the bytes' is the machine's and they are on disk under that name. */
  fetch(
    file: RemoteFile,
    localPath: string,
    context: CallContext,
    progress: (bytes: number) => void,
  ): Promise<{ readonly sha256: string }>;
  /**
   * Downloads many small files in one stream. Each is compared with the machine's sha256 before it is written, and then passed to `saved`.
   * Files that are gone or change meanwhile are left out without an error: `fetch` says what is wrong with them.
   */
  fetchMany(
    files: readonly FileToFetch[],
    context: CallContext,
    saved: (file: FileToFetch, sha256: string) => void,
  ): Promise<void>;
  /**
   * Copies a file that may be written to at any moment to `target` (below our own work folder), as it was at one moment,
   * and returns the copy. Throws `REMOTE_DISK` when the machine has no room for it, `FETCH_FAILED` when it never held still.
   */
  snapshot(file: RemoteFile, target: string, context: CallContext): Promise<RemoteFile>;
  /** Removes a file or folder below our own work folder; refuses anything else. What is not there is removed already. */
  remove(path: string, context: CallContext): Promise<void>;
}
