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

/** One line of a ledger, of a run or of a lease. `seq` counts from 0 without gaps. */
export type LedgerEntry = { readonly v: 1; readonly seq: number; readonly at: string } & (
  | RunEntryBody
  | LeaseEntryBody
);

/** What can be written down of a run, in the order in which it happens. */
export type RunEntryBody =
  /** Before anything is asked for: what will be, and everything paid that may come of it. */
  | {
      readonly type: "intent";
      readonly plan: Plan;
      readonly deadline?: Deadline;
      /** Where the user's own packages are, for the process that creates the adapters again. */
      readonly workingFolder?: string;
      /** Those of the first attempt. They are planned in ledgers of their own before this is written. */
      readonly leases?: readonly string[];
      /** Only where the run and its lease share this ledger, as they did in the first format; see `LeaseEntryBody`. */
      readonly leaseId?: string;
      readonly resources?: readonly Resource[];
    }
  /** A machine is trained on from here on: everything below, up to the next attempt, belongs to this one. Its leases are on disk. */
  | { readonly type: "attempt"; readonly number: number; readonly leases: readonly string[] }
  | { readonly type: "connected"; readonly machine: Machine; readonly facts: MachineFacts }
  | {
      readonly type: "shipped";
      readonly target: string;
      readonly sentBytes: number;
      readonly reusedBytes: number;
    }
  /** All setup lines of the plan have run; the installation's log was so long then. */
  | { readonly type: "setup"; readonly lines: number; readonly logBytes: number }
  | {
      readonly type: "environment";
      readonly folder: string;
      readonly found: "already" | "installed";
      readonly output: string;
      readonly versions?: Readonly<Record<string, string>>;
    }
  /** Before `start` is called: from here on there may be a job. */
  | { readonly type: "starting"; readonly input: JobInput; readonly watch: readonly string[] }
  | { readonly type: "started" }
  /** `sent`: from here on the job may have been told to end; before, it was only wanted. */
  | { readonly type: "stopping"; readonly why?: "user" | "limit"; readonly sent?: boolean }
  | {
      readonly type: "job-ended";
      readonly state: "ended" | "lost" | "rebooted";
      readonly exitCode?: number;
      readonly detail?: string;
    }
  /** The output folder cannot be written any more: from here on the results go to this one. */
  | { readonly type: "output-moved"; readonly folder: string; readonly reason: string }
  | {
      readonly type: "brought";
      readonly artifacts: readonly SavedFile[];
      /** Downloaded too, not listed one by one. */
      readonly more?: { readonly files: number; readonly bytes: number };
      /** Not downloaded; the first of them by name. */
      readonly notDownloaded?: {
        readonly files: number;
        readonly bytes: number;
        readonly paths: readonly string[];
      };
    }
  /** The first error: it decides the outcome, also when another process ends the run. */
  | { readonly type: "failed"; readonly error: ErrorReport }
  /** The attempt failed, and another one is made: the run goes on. */
  | { readonly type: "attempt-ended"; readonly error: ErrorReport }
  | { readonly type: "finished"; readonly outcome: Outcome };
