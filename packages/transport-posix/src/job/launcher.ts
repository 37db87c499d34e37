import type { ClusterEnding, CommandResult, Job, QueuePlace } from "@unitrain/core/spec";
import type { ScriptInput } from "../script/script-input.ts";

/** A POSIX shell on the machine, independent of the user's login shell. */
export interface Shell {
  /**
   * Runs a script in the work folder until it ends. Put values into the script with {@link quote}.
   *
   * @param script Lines of POSIX shell.
   * @throws UnitrainError `CONNECTION_LOST` when the result is unknown; `CANCELLED` or `TIMED_OUT` when the call is aborted.
   */
  run(script: string, options?: { readonly stdin?: ScriptInput }): Promise<CommandResult>;
}

/** A job whose files are on the machine, ready to be launched. All paths are absolute. */
export interface PreparedJob {
  readonly job: Job;
  /** `sh <wrapper>` runs the job until it ends. Running it twice runs the job once. It needs no terminal and prints nothing. */
  readonly wrapper: string;
  /**
   * The folder of the job. It contains `log` (the whole output), `child` (the id of the first process), `grace` (once the job is
   * stopped: tenths of a second from TERM to KILL) and `exit` (once the job has ended). A launcher may add `allocation`, environment
   * variables of the job as lines of shell. Names of its other files must begin with the launcher's name.
   */
  readonly folder: string;
}

/** A job that was given to a launcher. */
export interface LaunchedJob {
  readonly jobId: string;
  /** Absolute path of the job's folder; see {@link PreparedJob}. */
  readonly folder: string;
  /** What `start` resolved with. Undefined when the client ended before it was recorded: then find the job by its id. */
  readonly reference: string | undefined;
  /** True when the exit code is known and only the reason of the end is needed: an answer from before the end must not be used. */
  readonly hasExited?: boolean;
}

/** The state of a job according to its launcher. */
export type LauncherState =
  | { readonly state: "queued"; readonly queue: QueuePlace }
  /** The wrapper runs or is about to. `nodes` are the names of the nodes, the first node first. */
  | { readonly state: "running"; readonly nodes: readonly string[] }
  | { readonly state: "ended"; readonly ending: ClusterEnding }
  /** The launcher has no such job: it was never launched, or the launcher has forgotten it since it ended. */
  | { readonly state: "absent" }
  /** The launcher did not answer. This is never treated as an end. */
  | { readonly state: "unknown"; readonly detail: string };

/**
 * Starts jobs so that they continue without a connection: tmux, setsid, a cluster's queue.
 *
 * A launcher without `getState` runs the job on the machine itself, where files and processes tell its state. A launcher with
 * `getState` runs it on other computers, now or later: the files tell only whether the job has ended with an exit code, and
 * everything else is asked from the launcher.
>>>
 */
export interface JobLauncher {
  /** Identifies the launcher in files on the machine, so it must never change. */
  readonly name: string;
  /** Returns whether the machine has what the launcher needs. */
  available(shell: Shell): Promise<boolean>;
  /** Installs what the launcher needs. Runs while data is uploaded; the start of a job waits for it for only a few seconds. */
  prepare?(shell: Shell, showStatus: (message: string) => void): Promise<void>;
  /**
   * Launches the wrapper, now or when its turn in a queue comes, and resolves with one line that identifies the job. A launcher with
   * `getState` must not launch a job a second time.
   *
   * @throws UnitrainError `REMOTE_COMMAND` when the launcher refuses the job: then the next launcher is tried. Any other error means
   * that the job may have been launched; its files are kept, and starting it again is safe.
   */
  start(shell: Shell, prepared: PreparedJob): Promise<string>;
  /** Asks for the state of a job. A launcher that does not answer is `unknown`, not an error. Keep the load on a shared queue low. */
  getState?(shell: Shell, launched: LaunchedJob): Promise<LauncherState>;
  /** Milliseconds between two calls of `getState` while a job is followed. Defaults to 15,000. */
  readonly pollMs?: number;
  /**
   * Milliseconds to wait for the exit code of a job that ended, because network disks may show files of a node late. Defaults to
   * 60,000.
   */
  readonly filesDelayMs?: number;
  /**
   * Ends a job that runs on other computers, or removes it from the queue: TERM to its first process, KILL after `graceMs`
   * milliseconds. Resolves once none of its processes runs. The job can no longer begin when this is called.
   *
   * @throws UnitrainError A retryable error when the job may still run.
   */
  stop?(shell: Shell, launched: LaunchedJob, graceMs: number): Promise<void>;
  /** Returns a shell on the first node of a running job's allocation, where the facts of the machine are read again. */
  shellInside?(shell: Shell, launched: LaunchedJob): Shell;
}
