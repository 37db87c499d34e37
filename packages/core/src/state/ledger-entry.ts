import type {
  Deadline,
  ErrorReport,
  JobInput,
  Machine,
  MachineFacts,
  Outcome,
  Plan,
  Resource,
  SavedFile,
} from "../spec/index.ts";
import type { LeaseEntryBody } from "./lease-entry.ts";

/** One line of a run's or a lease's ledger. `seq` counts from 0 without gaps. */
export type LedgerEntry = { readonly v: 1; readonly seq: number; readonly at: string } & (
  | RunEntryBody
  | LeaseEntryBody
);

/** An entry of a run's ledger. The types are listed in the order in which they occur. */
export type RunEntryBody =
  /** Written before anything is requested: the plan, and the leases that may come to cost money. */
  | {
      readonly type: "intent";
      readonly plan: Plan;
      readonly deadline?: Deadline;
      /** The folder from which another process resolves the user's packages to create the adapters. */
      readonly workingFolder?: string;
      /** The ids of the first attempt's leases. They are planned in their own ledgers before this entry is written. */
      readonly leases?: readonly string[];
      /** Only in the first format, in which the run and its lease share this ledger. See `LeaseEntryBody`. */
      readonly leaseId?: string;
      readonly resources?: readonly Resource[];
    }
  /** An attempt begins, and all entries up to the next attempt belong to it. Its leases are on disk already. */
  | { readonly type: "attempt"; readonly number: number; readonly leases: readonly string[] }
  | { readonly type: "connected"; readonly machine: Machine; readonly facts: MachineFacts }
  | {
      readonly type: "shipped";
      readonly target: string;
      readonly sentBytes: number;
      readonly reusedBytes: number;
    }
  /** All setup lines of the plan have run. `logBytes` is the length of the installation log at that time. */
  | { readonly type: "setup"; readonly lines: number; readonly logBytes: number }
  | {
      readonly type: "environment";
      readonly folder: string;
      readonly found: "already" | "installed";
      readonly output: string;
      readonly versions?: Readonly<Record<string, string>>;
    }
  /** Written before `start` is called. From now on the job may exist. */
  | {
      readonly type: "starting";
      readonly input: JobInput;
      readonly watch: readonly string[];
      /** The names of the job's secrets that are not in the plan. */
      readonly secrets?: readonly string[];
    }
  | { readonly type: "started" }
  /** The run is to be stopped. With `sent`, the job may also have been told to stop. */
  | { readonly type: "stopping"; readonly why?: "user" | "limit"; readonly sent?: boolean }
  | {
      readonly type: "job-ended";
      readonly state: "ended" | "lost" | "rebooted";
      readonly exitCode?: number;
      readonly detail?: string;
    }
  /** The output folder can no longer be written. From now on the results go to `folder`. */
  | { readonly type: "output-moved"; readonly folder: string; readonly reason: string }
  | {
      readonly type: "brought";
      readonly artifacts: readonly SavedFile[];
      /** Downloaded files that are not listed in `artifacts`. */
      readonly more?: { readonly files: number; readonly bytes: number };
      /** Files that were not downloaded, with the paths of the first ones. */
      readonly notDownloaded?: {
        readonly files: number;
        readonly bytes: number;
        readonly paths: readonly string[];
      };
    }
  /** An error. The first one decides the outcome, even if another process ends the run. */
  | { readonly type: "failed"; readonly error: ErrorReport }
  /** The attempt failed, and the run continues with another one. */
  | { readonly type: "attempt-ended"; readonly error: ErrorReport }
  | { readonly type: "finished"; readonly outcome: Outcome };
