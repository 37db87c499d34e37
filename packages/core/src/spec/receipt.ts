import type { SavedFile } from "./artifact.ts";
import type { ErrorReport } from "./error.ts";
import type { RepeatedRun, RunSetting } from "./plan.ts";
import type { PhaseEstimate } from "./prediction.ts";
import type { ReleaseProof, Resource } from "./resource.ts";

/** How a run ended. */
export type Outcome =
  /** The training ended with exit code 0 and the model is downloaded. */
  | "completed"
  /** The user or the run's limit stopped it; the files up to then are downloaded. */
  | "stopped"
  /** The training ended with another exit code than 0. */
  | "training-failed"
  /** Another step of the run failed. */
  | "failed";

/** When a phase of a run started and how long it took. Phases may overlap, as `environment` and `ship` do. */
export interface PhaseTime {
  readonly phase: string;
  /** The time from the start of the run to the start of the phase. */
  readonly startedSeconds: number;
  readonly seconds: number;
}

/**
 * The time and cost of one part of a run. Every moment of the run counts for exactly one part, so the parts add up to the time and
 * the cost of the run.
 */
export interface CostPart {
  /**
   * A phase of the prediction, `other` for time between phases or without a controller, or `rounding` for what whole billing ticks
   * and a minimum charge add.
   */
  readonly part: PhaseEstimate["phase"] | "other" | "rounding";
  readonly seconds: number;
  /** The part of `seconds` during which a paid resource existed. */
  readonly paidSeconds: number;
  /** In whole cents. */
  readonly usd: number;
}

/** One attempt of a run: a machine that it was trained on, and what its time there cost. */
export interface AttemptReceipt {
  /** Counts from 1. */
  readonly number: number;
  /** The ids of its leases. */
  readonly leases: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601. */
  readonly endedAt: string;
  /** Why it ended, if another attempt followed or the run failed. */
  readonly error?: ErrorReport;
  /** How long it held something that costs money. */
  readonly paidSeconds: number;
  /** Its share of what its leases cost, in whole cents. The shares of all holders and the idle time add up to the cost of a lease. */
  readonly costUsd: number;
}

/** The record of a run that has ended: its cost, its results, and proof that everything paid is gone. JSON; a copy lies beside the model. */
export interface Receipt {
  readonly receiptVersion: "v1";
  readonly runId: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** Who stopped a run with the outcome `stopped`: the user, or the limit of its budget or hours. */
  readonly stoppedBy?: "user" | "limit";
  /** The error that ended the run, if there was one. */
  readonly error?: ErrorReport;
  readonly job: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly machine: string;
  /** All settings with their sources; see `Plan.settings`. */
  readonly settings?: readonly RunSetting[];
  /** The command line that was typed. */
  readonly command?: string;
  readonly repeats?: RepeatedRun;
  /** The names of the environment variables of the training, including secret ones. */
  readonly variables?: readonly string[];
  /** The versions of the environment and of unitrain: `{ ultralytics: "8.4.190", torch: "2.10.0+cu128", unitrain: "1.0.0" }`. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly phases: readonly PhaseTime[];
  readonly data: {
    /** Identifies the content, in hex, as in the plan. */
    readonly digest?: string;
    readonly files: number;
    readonly bytes: number;
    readonly sentBytes: number;
    readonly reusedBytes: number;
  };
  readonly epochs?: { readonly done: number; readonly total?: number };
  /** The metrics of the last complete epoch. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The score of the last complete epoch; higher is better, see `Progress.score`. */
  readonly score?: number;
  /** The epoch with the best score; the last one of several equal ones. */
  readonly best?: { readonly done: number; readonly score: number };
  /** The downloaded files. Of more than 500 files, the others are only counted in `moreArtifacts`. */
  readonly artifacts: readonly SavedFile[];
  /** The absolute path of the folder that holds the artifacts. */
  readonly out?: string;
  /** The number and size of the downloaded files that `artifacts` does not list. */
  readonly moreArtifacts?: { readonly files: number; readonly bytes: number };
  /** The files that were not downloaded because of a limit, a name or a fault. `paths` holds the first 100 paths on the machine. */
  readonly leftBehind?: { readonly files: number; readonly bytes: number; readonly paths: readonly string[] };
  /** Commands that use the downloaded model, ready to be pasted into a shell on this computer. */
  readonly nextCommands?: readonly string[];
  /** One row for each machine that the run was trained on, in order. Missing in receipts of earlier versions. */
  readonly attempts?: readonly AttemptReceipt[];
  /** All machines of the run together. */
  readonly lease: {
    readonly ownership: "rented" | "borrowed";
    /** Whether everything paid is confirmed gone; `nothing-paid` for a borrowed machine, `kept` for one that the next run may take. */
    readonly release: "nothing-paid" | "released" | "kept" | "release-unconfirmed";
    /** Until when the machine is kept for the next run, if `release` is `kept`; ISO 8601. */
    readonly keepUntil?: string;
    readonly proofs: readonly ReleaseProof[];
    /** The resources that are not confirmed gone and may still cost money. */
    readonly unconfirmed: readonly Resource[];
    readonly priceUsdPerHour: number;
    /** Idle time of a kept machine before this run took it. No run pays for it: it is not part of `costUsd`. */
    readonly idle?: { readonly seconds: number; readonly costUsd: number };
    /** The cost at list price in whole cents, from the first paid resource on and without unknown parts of the price. The invoice decides. */
    readonly costUsd: number;
    /** The parts of `costUsd`; empty for a borrowed machine. */
    readonly costs?: readonly CostPart[];
    /** The parts of the price that are unknown and not counted. */
    readonly unknownCosts?: readonly ("upfront" | "other")[];
  };
}
