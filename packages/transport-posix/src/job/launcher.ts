import type { ClusterEnding, CommandResult, Job, QueuePlace } from "@unitrain/core/spec";
import type { ScriptInput } from "../script/script-input.ts";

/** A POSIX shell on the machine, whatever the login shell there is. */
export interface Shell {
  /**
   * Runs a script in the work folder to its end. What goes into it comes through {@link quote}.
   *
   * @throws UnitrainError `CONNECTION_LOST` when it is not known how it ended.
   */
  run(script: string, options?: { readonly stdin?: ScriptInput }): Promise<CommandResult>;
}

/** A job that is ready to be run by its wrapper. All paths are absolute. */
export interface PreparedJob {
  readonly job: Job;
  /** `sh <wrapper>` runs the job to its end. Run twice, it is run once. It needs no terminal and writes nothing itself. */
  readonly wrapper: string;
  /**
   * The job's own folder. In it: `log`, the job's whole output; `child`, the id of its first process; `grace`, once it is stopped:
   * tenths of a second from TERM to KILL; `exit`, there once the job has ended. A launcher may add `allocation`: variables for the
   * job, as lines of shell. Its other files begin with the launcher's name.
   */
  readonly folder: string;
}

/** A job that a launcher was asked to run. */
export interface LaunchedJob {
  readonly jobId: string;
  /** The job's own folder, absolute; see {@link PreparedJob}. */
  readonly folder: string;
  /** The line that `start` resolved with. Undefined when the client ended before it was written down: then find the job by its id. */
  readonly reference: string | undefined;
  /** Its exit code is known, and only why it ended is asked for: an answer from before the end says nothing. */
  readonly hasExited?: boolean;
}

/** What a launcher says about a job that it was asked to run. */
export type LauncherState =
  | { readonly state: "queued"; readonly queue: QueuePlace }
  /** Its wrapper runs, or is about to. `nodes` by name, the first one first. */
  | { readonly state: "running"; readonly nodes: readonly string[] }
  | { readonly state: "ended"; readonly ending: ClusterEnding }
  /** The launcher was asked and has no such job: it was never launched, or it ended so long ago that it was forgotten. */
  | { readonly state: "absent" }
  /** The launcher could not be asked. Never read as ended. */
  | { readonly state: "unknown"; readonly detail: string };

/**
 * Starts a job so that it lives on without us: tmux, setsid, a cluster's queue.
 *
 * A launcher without `getState` runs the job on the machine itself, where files and processes tell everything. One with `getState`
 * runs it elsewhere, now or when its turn comes: of its jobs the files tell whether they have ended with an exit code, and the
 * launcher tells everything else.
 */
export interface JobLauncher {
  /** A word, the same in every process. */
  readonly name: string;
  available(shell: Shell): Promise<boolean>;
  /** Makes itself available where it is not. Begun beside shipping, and waited for only a little when a job is to start. */
  prepare?(shell: Shell, showStatus: (message: string) => void): Promise<void>;
  /**
   * Has the wrapper run, now or when its turn comes, and resolves with one line by which the job can be found again. With
   * `getState`: starting a job that it already has must not launch it a second time.
   *
   * @throws UnitrainError `REMOTE_COMMAND` when it refuses the job: then the next launcher is asked. Any other error means that it
   * is not known whether the job was launched; it stays prepared, and starting it again is safe.
   */
  start(shell: Shell, prepared: PreparedJob): Promise<string>;
  /** Asks about a job. What cannot be asked is `unknown`, never an error. Keep the load on a shared queue low: one command for all jobs. */
  getState?(shell: Shell, launched: LaunchedJob): Promise<LauncherState>;
  /** How long to wait between two calls of `getState` while a job is followed. By default 15 seconds. */
  readonly pollMs?: number;
  /**
   * How long a file that a node wrote may stay invisible here, because network disks cache: for so long the exit code of a job that
   * ended is waited for. By default 60 seconds.
   */
  readonly filesDelayMs?: number;
  /**
   * Ends a job that runs elsewhere, or takes it out of the queue: TERM to its first process, KILL after `graceMs`. Resolves when
   * nothing of it runs any more. Called when the job's folder says already that it must not begin.
   *
   * @throws UnitrainError that is retryable when it is not known whether the job has ended.
   */
  stop?(shell: Shell, launched: LaunchedJob, graceMs: number): Promise<void>;
  /** A shell on the first node of a running job's allocation: the machine's facts are asked there again. */
  shellInside?(shell: Shell, launched: LaunchedJob): Shell;
}
