import type {
  Deadline,
  ErrorReport,
  JobInput,
  Machine,
  MachineFacts,
  Outcome,
  Plan,
  ReleaseProof,
  Resource,
  SavedFile,
} from "../spec/index.ts";
import type { LedgerEntry } from "./ledger-entry.ts";

/** Where a run stands, told by its ledger alone. */
export interface LedgerState {
  readonly plan?: Plan;
  readonly leaseId?: string;
  readonly startedAt?: string;
  readonly deadline?: Deadline;
  readonly workingFolder?: string;
  /** Everything that may be paid for and is not confirmed gone, as it is known best. */
  readonly unreleased: readonly Resource[];
  readonly proofs: readonly ReleaseProof[];
  readonly isLeased: boolean;
  /** Since something that costs is known to be there. */
  readonly paidSince?: string;
  /** When the machine had let us in and was ready. */
  readonly connectedAt?: string;
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
  /** There may be a job: `start` was called, or was about to be. */
  readonly starting?: { readonly input: JobInput; readonly watch: readonly string[] };
  readonly started: boolean;
  readonly isStopping: boolean;
  /** The job may have been told to end: how it ends is no longer its own doing. */
  readonly wasStopSent: boolean;
  readonly stoppedBy?: "user" | "limit";
  readonly jobEnd?: {
    readonly state: "ended" | "lost" | "rebooted";
    readonly exitCode?: number;
    readonly detail?: string;
  };
  /** Where results go instead of the plan's output folder. */
  readonly outputFolder?: string;
  readonly artifacts?: readonly SavedFile[];
  /** Downloaded too, not listed one by one. */
  readonly moreArtifacts?: { readonly files: number; readonly bytes: number };
  /** Not downloaded. */
  readonly leftBehind?: { readonly files: number; readonly bytes: number; readonly paths: readonly string[] };
  readonly error?: ErrorReport;
  /** Whoever drives the run is releasing, or was. */
  readonly releasing: boolean;
  readonly releaseUnconfirmed: boolean;
  /** Why the provider did not confirm. */
  readonly unconfirmedReason?: string;
  readonly outcome?: Outcome;
}

export const emptyLedger: LedgerState = {
  unreleased: [],
  proofs: [],
  isLeased: false,
  started: false,
  isStopping: false,
  wasStopSent: false,
  releasing: false,
  releaseUnconfirmed: false,
};

/** One entry further. Pure. */
export function after(state: LedgerState, entry: LedgerEntry): LedgerState {
  switch (entry.type) {
    case "intent":
      return {
        ...state,
        plan: entry.plan,
        leaseId: entry.leaseId,
        startedAt: entry.at,
        ...(entry.deadline === undefined ? {} : { deadline: entry.deadline }),
        ...(entry.workingFolder === undefined ? {} : { workingFolder: entry.workingFolder }),
        unreleased: entry.resources.filter((resource) => resource.onRelease === "delete"),
      };
    case "resource":
      return {
        ...state,
        unreleased: withResource(state.unreleased, entry.resource),
        ...(state.paidSince === undefined && costs(entry.resource) ? { paidSince: entry.at } : {}),
      };
    case "leased":
      return { ...state, isLeased: true };
    case "connected":
      return { ...state, machine: entry.machine, facts: entry.facts, connectedAt: entry.at };
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
    case "releasing":
      return { ...state, releasing: true };
    case "released":
      return {
        ...state,
        proofs: [...state.proofs, ...entry.proofs],
        unreleased: state.unreleased.filter(
          (resource) => !entry.proofs.some((proof) => isSameResource(proof.resource, resource)),
        ),
        releaseUnconfirmed: false,
      };
    case "release-unconfirmed":
      return { ...state, releaseUnconfirmed: true, unconfirmedReason: entry.reason };
    case "finished":
      return { ...state, outcome: entry.outcome };
  }
}

/** Two notes on one thing. An id, where both have one, decides. */
export function isSameResource(a: Resource, b: Resource): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false;
  return a.id === undefined || b.id === undefined || a.id === b.id;
}

/** Only what the provider gave an id to is there; a launch that never happened cost nothing. */
function costs(resource: Resource): boolean {
  return resource.onRelease === "delete" && resource.free !== true && resource.id !== undefined;
}

function withResource(resources: readonly Resource[], resource: Resource): readonly Resource[] {
  const rest = resources.filter((existing) => !isSameResource(existing, resource));
  return resource.onRelease === "delete" ? [...rest, resource] : rest;
}
