import type { MachineFacts } from "./machine.ts";

/** The machine and the data that `Framework.fit` compares, after connecting and before anything is uploaded. */
export interface FitInput {
  readonly facts: MachineFacts;
  /** The size of the upload. */
  readonly data: { readonly files: number; readonly bytes: number };
}

/** One requirement that a machine does not meet, or barely meets. An `error` ends the run before the upload; a `warning` is only shown. */
export interface FitFinding {
  readonly severity: "error" | "warning";
  /** What the machine has and what the training needs: `/dev/shm has 64 MiB; 8 workers need about 2 GiB`. */
  readonly message: string;
  /** How to solve it, as a sentence in the imperative. */
  readonly hint: string;
}
