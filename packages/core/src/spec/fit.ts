import type { MachineFacts } from "./machine.ts";

/** What a framework is asked about, once a machine is reached and before anything is shipped. */
export interface FitInput {
  readonly facts: MachineFacts;
  /** What will be shipped. */
  readonly data: { readonly files: number; readonly bytes: number };
}

/** One thing that does not fit, or only just. An `error` ends the run before anything is shipped; a `warning` is shown. */
export interface FitFinding {
  readonly severity: "error" | "warning";
  /** `/dev/shm has 64 MiB; 8 workers need about 2 GiB`. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly hint: string;
}
