/** How long a run may take, calculated from its budget and its maximum of hours. */
export interface Limit {
  /** The time from start to release. */
  readonly seconds: number;
  /** The part of `seconds` that is reserved for the download and the release; the training is stopped before it. */
  readonly heldBackSeconds: number;
}

/** The limit of a run that has started, as absolute times (ISO 8601), so that it also holds when this computer sleeps. */
export interface Deadline {
  /** When the training is stopped and the best model so far is downloaded. */
  readonly stopAt: string;
  /** When the machine is released, even if files are not downloaded yet. */
  readonly endsBy: string;
}
