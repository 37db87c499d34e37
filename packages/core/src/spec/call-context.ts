/** What every call into an adapter or hook is given. Made anew for each call, so that an adapter keeps nothing of a run. */
export interface CallContext {
  /** Ends with the step's own deadline. Never the user's Ctrl-C while something paid is made or released. */
  readonly signal: AbortSignal;
  /** Masks this value everywhere from now on: in events, logs, errors and files. */
  readonly secret: (value: string) => void;
  /** A short message for a person, shown at once: "waiting for a public address". */
  readonly showStatus: (message: string) => void;
  /** How far a long step is, every second or so: "Checking images 12,400/50,000". Each message replaces the one before. */
  readonly progress?: (message: string) => void;
  /** Sleeps; rejects when `signal` ends. The only clock an adapter may wait on, so that tests own time. */
  readonly wait: (ms: number) => Promise<void>;
}

/** A call that belongs to one machine of one run. */
export interface RunContext extends CallContext {
  readonly runId: string;
  /** `<installation>-<run>-<n>`, the n-th machine of this run. Names of everything paid derive from it: `unitrain-${leaseId}`. */
  readonly leaseId: string;
  /** This lease's own folder on this computer, 0700: private key, pinned host key. Removed after release. */
  readonly folder: string;
  /**
   * Our own folder on the machine, as an earlier connection found it: the same one is used again, also where this process has
   * another home folder. One that is not there is not made: nothing can be seen of the run then.
   */
  readonly workFolder?: string;
}
