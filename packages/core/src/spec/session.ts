import type { FileToFetch, RemoteFile } from "./artifact.ts";
import type { CallContext } from "./call-context.ts";
import type { Command, CommandResult } from "./command.ts";
import type { FollowPart, Job, JobState } from "./job.ts";
import type { MachineFacts } from "./machine.ts";
import type { Shipment, ShipProgress, ShipResult } from "./manifest.ts";

/**
 * An open connection to a machine, with everything that core does there. A method that loses the connection throws
 * `CONNECTION_LOST`. Core then connects again and repeats the call, so every method must be safe to call twice.
 */
export interface Session extends AsyncDisposable {
  /** What a person has to do to connect again: `an answer at the terminal`. Left out if nobody is needed. */
  readonly loginNeedsPerson?: string;
  /** Reads what the machine has. */
  facts(context: CallContext): Promise<MachineFacts>;
  /**
   * Reads what the node that runs the job has, if that is another computer than the one that is connected (the login node of a
   * cluster). The checks of disk space and GPUs use it. Left out if jobs run on the connected machine. Rejects while the job is not
   * running.
   */
  jobFacts?(jobId: string, context: CallContext): Promise<MachineFacts>;
  /** Runs a command and waits for its end. The exit code for a missing program is 127, as in a shell. */
  run(command: Command, context: CallContext): Promise<CommandResult>;
  /** Uploads the files, verifies the size and SHA-256 digest of each on the machine, and creates the run's own view of them at `target`. */
  ship(shipment: Shipment, context: CallContext, progress: (done: ShipProgress) => void): Promise<ShipResult>;
  /**
   * Starts a job that outlives the connection, and resolves once the job is certain to run. Starting the same id twice is
   * idempotent. `secrets` maps variable names to values, which are sent over stdin and never as arguments.
   */
  start(job: Job, secrets: Readonly<Record<string, string>>, context: CallContext): Promise<void>;
  /** Asks once for the state of a job. */
  getJobState(jobId: string, context: CallContext): Promise<JobState>;
  /**
   * Yields the raw bytes of the log from `offset` on, and each watched file whole at the beginning and whenever it has changed, until
   * the job has ended and everything is read.
   */
  follow(jobId: string, offset: number, context: CallContext): AsyncIterable<FollowPart>;
  /**
   * Stops a job: sends TERM to its first process, then to all others once the first has ended or half of `graceMs` is over, and
   * KILL once `graceMs` is over. Resolves when no process of the job is running.
   */
  stop(jobId: string, graceMs: number, context: CallContext): Promise<void>;
  /** Lists the regular files below the absolute path `root` without following links. A missing folder has no files. */
  list(root: string, context: CallContext): AsyncIterable<RemoteFile>;
  /**
   * Downloads a file, continuing a partial `localPath`. Resolves with the SHA-256 digest in hex, once it matches the digest of the
   * file on the machine and the file is on disk.
   */
  fetch(
    file: RemoteFile,
    localPath: string,
    context: CallContext,
    progress: (bytes: number) => void,
  ): Promise<{ readonly sha256: string }>;
  /**
   * Downloads many small files in one stream. Each file is compared with its SHA-256 digest on the machine before it is written, and
   * is then passed to `saved`. Files that are missing or change during the download are skipped without an error; `fetch` reports
   * what is wrong with them.
   */
  fetchMany(
    files: readonly FileToFetch[],
    context: CallContext,
    saved: (file: FileToFetch, sha256: string) => void,
  ): Promise<void>;
  /**
   * Copies a file that the training may be writing to the path `target` below the work folder, in a consistent state, and returns
   * the copy. Throws `REMOTE_DISK` if the machine has no space for the copy, and `FETCH_FAILED` if the file kept changing.
   */
  snapshot(file: RemoteFile, target: string, context: CallContext): Promise<RemoteFile>;
  /** Removes a file or folder below the work folder, and refuses any other path. Removing a missing path succeeds. */
  remove(path: string, context: CallContext): Promise<void>;
}
