/**
 * The context that core passes to every call of an adapter or a hook. Each call gets a new one, so an adapter cannot keep state of
 * a run between calls.
 */
export interface CallContext {
  /** Aborts at the deadline of the step. Ctrl-C does not abort it while a paid resource is created or released. */
  readonly signal: AbortSignal;
  /** Registers a secret: from now on it is masked in all events, logs, errors and files. */
  readonly secret: (value: string) => void;
  /** Shows a short message to the user at once: "waiting for a public address". */
  readonly showStatus: (message: string) => void;
  /** Shows the progress of a long step, about once per second: "Checking images 12,400/50,000". Each message replaces the previous one. */
  readonly progress?: (message: string) => void;
  /** Sleeps for `ms` milliseconds; rejects when `signal` aborts. Adapters must not use any other timer, so that tests control time. */
  readonly wait: (ms: number) => Promise<void>;
}

/** The context of a call that belongs to one machine of one run. */
export interface RunContext extends CallContext {
  readonly runId: string;
  /** `<installation>-<run>-<n>` for the n-th machine of this run. The name of every paid resource contains it: `unitrain-${leaseId}`. */
  readonly leaseId: string;
  /** The absolute path of this lease's folder on this computer (mode 0700), for its private key and pinned host key. Removed after the release. */
  readonly folder: string;
  /**
   * The absolute path of unitrain's folder on the machine, as an earlier connection found it. It must be used again, even if this
   * connection sees another home folder. If it is missing it must not be created, because the run's files are not visible then.
   */
  readonly workFolder?: string;
}
