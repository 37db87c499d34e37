/** A run, a dataset or an environment that unitrain stores on a machine. */
export interface StoredItem {
  readonly kind: "run" | "dataset" | "environment";
  /** The name of its folder: a run's id, a dataset's digest, an environment's key. */
  readonly name: string;
  /** The absolute path on the machine. */
  readonly path: string;
  readonly sizeBytes: number;
  /** When it was last written or used according to the times of its files, in milliseconds since 1970. */
  readonly usedAt: number;
  /** Why it cannot be removed, as a clause: `its job runs`. Left out if it is not in use. */
  readonly inUse?: string;
}
