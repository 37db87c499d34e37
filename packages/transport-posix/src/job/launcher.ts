import type { Finished, Job } from "@unitrain/core/spec";
import type { ScriptInput } from "../script/script-input.ts";

/** A POSIX shell on the machine, whatever the login shell there is. */
export interface Shell {
  /**
   * Runs a script in the work folder to its end. What goes into it comes through {@link quote}.
   *
   * @throws UnitrainError `CONNECTION_LOST` when it is not known how it ended.
   */
  run(script: string, options?: { readonly stdin?: ScriptInput }): Promise<Finished>;
}

/** A job that is ready to be run by its wrapper. All paths are absolute. */
export interface PreparedJob {
  readonly job: Job;
  /** `sh <wrapper>` runs the job to its end. Run twice, it is run once. It needs no terminal and writes nothing itself. */
  readonly wrapper: string;
  /** The job's own folder. In it: `log`, all that the job says; `exit`, there once the job has ended. */
  readonly folder: string;
}

/**
 * What keeps a job alive without us: tmux, setsid, a cluster's queue.
 * Files tell the truth about the job, the launcher only about itself.
 */
export interface JobLauncher {
  /** A word, the same in every process. */
  readonly name: string;
  available(shell: Shell): Promise<boolean>;
  /** Makes itself available where it is not. Begun beside shipping, and waited for only a little when a job is to start. */
  prepare?(shell: Shell, say: (message: string) => void): Promise<void>;
  /** Has the wrapper run, now or when its turn comes, and resolves with one line by which it can be found again. */
  start(shell: Shell, prepared: PreparedJob): Promise<string>;
  /** Where a job stands whose wrapper has not begun yet. */
  look?(shell: Shell, reference: string): Promise<"waiting" | "running" | "gone" | "unknown">;
  /** Takes a job back whose wrapper has not begun yet. */
  stop?(shell: Shell, reference: string): Promise<void>;
}
