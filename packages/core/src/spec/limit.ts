/** How long a run may last in all, from its budget and its hours. */
export interface Limit {
  readonly seconds: number;
  /** Of these, kept for downloading the model and releasing the machine: the training is stopped before them. */
  readonly heldBackSeconds: number;
}

/** The same once the run has begun: absolute, so that a computer that slept does not add its sleep. ISO 8601. */
export interface Deadline {
  /** The training is stopped and the best model so far downloaded. */
  readonly stopAt: string;
  /** What is not downloaded by then is left: the machine is released. */
  readonly endsBy: string;
}
