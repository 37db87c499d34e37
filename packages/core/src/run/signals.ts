/** Why a run's steps end early. A step takes only the signals that concern it. */
export interface RunSignals {
  /** Aborted when the run is stopped by the user or by its limit. Never aborts a call of `lease` or `release`. */
  readonly stopSignal: AbortSignal;
  /** Aborted when the user stops the run a second time. The job is then stopped again with the current `graceMs`. */
  readonly forceSignal: AbortSignal;
  /** Aborted when this process detaches from the run and leaves the job running. */
  readonly detachSignal: AbortSignal;
  /** Aborted at the run's deadline. Files that are not downloaded by then are not downloaded at all. */
  readonly deadlineSignal: AbortSignal;
}

/** Thrown when this process detaches and leaves the job running. This is not an error. */
export const detached = Symbol("detached");
