import type { Outcome, Plan, Receipt, RunEvent, SavedFile } from "../spec/index.ts";

/** A run that this process drives or watches. */
export interface Run extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  /** Whether this process drives the run, or only watches it. */
  readonly role: "controller" | "follower";
  /**
   * Absolute paths on this computer: the run's folder in the state folder, the whole training log with secrets masked, and the folder
   * that everything is downloaded to.
   */
  readonly paths: { readonly folder: string; readonly log: string; readonly out: string };
  /**
   * All events from the first one on, including those of earlier processes. Ends after `finished`, or when this process detaches.
   * Breaking out of the loop does not stop the run.
   */
  readonly events: AsyncIterable<RunEvent>;
  /**
   * Resolves when the run was completed or stopped and everything is released. Rejects with the first error, after everything was
   * released as far as possible; with `CANCELLED` after `detach()`.
   */
  readonly result: Promise<RunResult>;
  /** Whether the job is running, so that it would outlive this process. */
  readonly isJobRunning: boolean;
  /**
   * Stops the training, downloads its files and releases the machine. Resolves when the run is over. A follower asks the controller to
   * do it.
   *
   * @throws UnitrainError for a follower: `NOT_AVAILABLE` if no process drives the run; `RELEASE_UNCONFIRMED` (rented) or `RUN_BUSY`
   * (borrowed) if the controller does not answer; `LOCAL_DISK` if the request cannot be written.
   */
  stop(options?: StopOptions): Promise<void>;
  /**
   * Lets go of the run as soon as its job is running; `attach()` continues it later. A guardian looks after a rented machine.
   *
   * @throws UnitrainError `NOT_AVAILABLE` if the machine is rented and no guardian can be started.
   */
  detach(): Promise<void>;
  /**
   * Downloads the files that exist now, while the job runs. Once the run is over, returns the files that were downloaded at its end.
   *
   * @throws UnitrainError `NOT_AVAILABLE` if the training has not started, or no process drives the run; `RUN_BUSY` if its controller
   * does not answer; and the errors of the download.
   */
  pull(): Promise<readonly SavedFile[]>;
  /** Stops the run and releases everything if this process is its controller and has not detached. A follower only stops watching. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The options of `run.stop()`. */
export interface StopOptions {
  /** How long the training may take to end by itself, in milliseconds; by default 30 seconds. */
  readonly graceMs?: number;
  /**
   * Releases a rented machine at once; files that are not downloaded are lost. For a borrowed machine it only sets `graceMs` to 0,
   * unless you set that too.
   */
  readonly discard?: boolean;
}

/** What `run.result` resolves with. */
export interface RunResult {
  readonly outcome: Outcome;
  /** The downloaded files. */
  readonly artifacts: readonly SavedFile[];
  readonly receipt: Receipt;
}
