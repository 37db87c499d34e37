/** Something of ours that lies on a machine and takes room there. */
export interface StoredItem {
  readonly kind: "run" | "dataset" | "environment";
  /** The name of its folder: a run's id, a dataset's digest, an environment's key. */
  readonly name: string;
  /** Absolute, on the machine. */
  readonly path: string;
  readonly sizeBytes: number;
  /** When it was written or used last, as far as the machine's disk tells; in milliseconds since 1970. */
  readonly usedAt: number;
  /** Why it must stay: a job runs in it, or a run of this computer is not over. */
  readonly inUse?: string;
}
