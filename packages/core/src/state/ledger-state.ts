import type {
  Deadline,
  ErrorReport,
  JobInput,
  Machine,
  MachineFacts,
  Outcome,
  Plan,
  SavedFile,
} from "../spec/index.ts";
import type { LedgerEntry } from "./ledger-entry.ts";

/** The progress of one attempt, which trains on one machine or on several nodes. */
interface AttemptState {
  /** The number of the attempt, counted from 1. It is 0 before the first. */
  readonly attempt: number;
  /** The ids of the attempt's leases. */
  readonly leases: readonly string[];
  readonly attemptStartedAt?: string;
  readonly machine?: Machine;
  readonly facts?: MachineFacts;
  readonly shipped?: { readonly target: string; readonly sentBytes: number; readonly reusedBytes: number };
  readonly setup?: { readonly lines: number; readonly logBytes: number };
  readonly environment?: {
    readonly folder: string;
    readonly found: "already" | "installed";
    readonly output: string;
    readonly versions?: Readonly<Record<string, string>>;
  };
  /** The input of the job, which may exist because `start` was about to be called. */
  readonly starting?: {
    readonly input: JobInput;
    readonly watch: readonly string[];
    readonly secrets?: readonly string[];
  };
  readonly started: boolean;
  readonly isStopping: boolean;
  /** Whether the job may have been told to stop. Then its exit code does not count as a failure. */
  readonly wasStopSent: boolean;
  readonly stoppedBy?: "user" | "limit";
  readonly jobEnd?: {
    readonly state: "ended" | "lost" | "rebooted";
    readonly exitCode?: number;
    readonly detail?: string;
  };
  readonly artifacts?: readonly SavedFile[];
  /** Downloaded files that are not listed in `artifacts`. */
  readonly moreArtifacts?: { readonly files: number; readonly bytes: number };
  /** Files that were not downloaded. */
  readonly leftBehind?: { readonly files: number; readonly bytes: number; readonly paths: readonly string[] };
}

/** A failed attempt that is followed by another one. */
interface EndedAttempt {
  readonly number: number;
  readonly leases: readonly string[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly error: ErrorReport;
}

/** The state of a run according to its ledger. The fields of an attempt are those of the newest attempt. */
export interface LedgerState extends AttemptState {
  readonly plan?: Plan;
  readonly startedAt?: string;
  readonly deadline?: Deadline;
  readonly workingFolder?: string;
  readonly endedAttempts: readonly EndedAttempt[];
  /** The folder that replaces the plan's output folder. */
  readonly outputFolder?: string;
  readonly error?: ErrorReport;
  readonly outcome?: Outcome;
}

const emptyAttempt: AttemptState = {
  attempt: 0,
  leases: [],
  started: false,
  isStopping: false,
  wasStopSent: false,
};

export const emptyLedger: LedgerState = { ...emptyAttempt, endedAttempts: [] };

/** Whether the newest attempt has ended and the next one has not begun. */
export function isBetweenAttempts({ attempt, endedAttempts }: LedgerState): boolean {
  return attempt > 0 && endedAttempts.at(-1)?.number === attempt;
}

/** Returns the state after one more entry. Entries about leases do not change it. This function is pure. */
export function applyEntry(state: LedgerState, entry: LedgerEntry): LedgerState {
  switch (entry.type) {
    case "intent":
      return {
        ...state,
        plan: entry.plan,
        startedAt: entry.at,
        ...(entry.deadline === undefined ? {} : { deadline: entry.deadline }),
        ...(entry.workingFolder === undefined ? {} : { workingFolder: entry.workingFolder }),
        attempt: 1,
        leases: entry.leases ?? [entry.leaseId ?? ""],
        attemptStartedAt: entry.at,
      };
    case "attempt":
      return {
        ...withoutAttempt(state),
        attempt: entry.number,
        leases: entry.leases,
        attemptStartedAt: entry.at,
      };
    case "attempt-ended":
      return { ...state, endedAttempts: [...state.endedAttempts, endedBy(state, entry)] };
    case "connected":
      return { ...state, machine: entry.machine, facts: entry.facts };
    case "shipped":
      return { ...state, shipped: entry };
    case "setup":
      return { ...state, setup: entry };
    case "environment":
      return { ...state, environment: entry };
    case "starting":
      return { ...state, starting: entry };
    case "started":
      return { ...state, started: true };
    case "stopping":
      return {
        ...state,
        isStopping: true,
        wasStopSent: state.wasStopSent || entry.sent === true,
        ...(state.stoppedBy === undefined ? { stoppedBy: entry.why ?? "user" } : {}),
      };
    case "job-ended":
      return { ...state, jobEnd: entry };
    case "output-moved":
      return { ...state, outputFolder: entry.folder };
    case "brought":
      return {
        ...state,
        artifacts: entry.artifacts,
        ...(entry.more === undefined ? {} : { moreArtifacts: entry.more }),
        ...(entry.notDownloaded === undefined ? {} : { leftBehind: entry.notDownloaded }),
      };
    case "failed":
      return state.error === undefined ? { ...state, error: entry.error } : state;
    case "finished":
      return { ...state, outcome: entry.outcome };
    default:
      return state;
  }
}

/** Returns the fields of the run as a whole, without those of the last attempt. */
function withoutAttempt(state: LedgerState): LedgerState {
  const { plan, startedAt, deadline, workingFolder, endedAttempts, outputFolder, error, outcome } = state;
  const ofRun = { plan, startedAt, deadline, workingFolder, outputFolder, error, outcome };
  const presentFields = Object.entries(ofRun).filter(([, value]) => value !== undefined);
  return { ...emptyAttempt, endedAttempts, ...Object.fromEntries(presentFields) };
}

function endedBy(
  { attempt, leases, attemptStartedAt, startedAt }: LedgerState,
  { at, error }: Extract<LedgerEntry, { readonly type: "attempt-ended" }>,
): EndedAttempt {
  return { number: attempt, leases, startedAt: attemptStartedAt ?? startedAt ?? at, endedAt: at, error };
}
