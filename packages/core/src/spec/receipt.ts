import type { SavedFile } from "./artifact.ts";
import type { ErrorReport } from "./error.ts";
import type { RepeatedRun, RunSetting } from "./plan.ts";
import type { PhaseEstimate } from "./prediction.ts";
import type { ReleaseProof, Resource } from "./resource.ts";

/** How a run came to its end. */
export type Outcome =
  /** The training ended with exit code 0 and the model is downloaded. */
  | "completed"
  /** The user ended it; what there was is downloaded. */
  | "stopped"
  /** The training itself failed: its exit code was not 0. */
  | "training-failed"
  /** Something around it failed. */
  | "failed";

/** One phase of a run, in seconds; phases may overlap (environment beside ship). */
export interface PhaseTime {
  readonly phase: string;
  /** From the run's start. */
  readonly startedSeconds: number;
  readonly seconds: number;
}

/**
 * One line of what a run took and cost. Every moment of the run belongs to one part, so that all of them add up to its length and
 * its cost.
 */
export interface CostPart {
  /** As in the prediction. `other`: between two phases, or while nobody drove the run. `rounding`: what whole billing ticks and a minimum charge add. */
  readonly part: PhaseEstimate["phase"] | "other" | "rounding";
  readonly seconds: number;
  /** Of these, while something was there that costs. */
  readonly paidSeconds: number;
  /** Whole cents. */
  readonly usd: number;
}

/** What a run cost, what it brought, and proof that everything paid is gone. Written beside the model, JSON. */
export interface Receipt {
  readonly receiptVersion: "v1";
  readonly runId: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** Who ended a run that was `stopped`: the user, or its budget or hours. */
  readonly stoppedBy?: "user" | "limit";
  /** Present unless completed. */
  readonly error?: ErrorReport;
  readonly job: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly machine: string;
  /** Everything that was set, with where it was taken from; see `Plan.settings`. */
  readonly settings?: readonly RunSetting[];
  /** The command line that was typed. */
  readonly command?: string;
  readonly repeats?: RepeatedRun;
  /** Names of the variables that the training was given, secret ones among them. */
  readonly variables?: readonly string[];
  /** Of what trained and of what drove it: `{ ultralytics: "8.4.190", torch: "2.10.0+cu128", unitrain: "1.0.0" }`. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly phases: readonly PhaseTime[];
  readonly data: {
    /** Hex: names the content, as in the plan. */
    readonly digest?: string;
    readonly files: number;
    readonly bytes: number;
    readonly sentBytes: number;
    readonly reusedBytes: number;
  };
  readonly epochs?: { readonly done: number; readonly total?: number };
  /** Of the last complete epoch. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The framework's deciding figure of the last complete epoch, more is better; see `Progress.score`. */
  readonly score?: number;
  /** The epoch whose score was the best: of several alike the last. */
  readonly best?: { readonly done: number; readonly score: number };
  readonly artifacts: readonly SavedFile[];
  /** The folder that holds them, absolute. */
  readonly out?: string;
  /** Downloaded too: files beyond the first 500 are not listed one by one. */
  readonly moreArtifacts?: { readonly files: number; readonly bytes: number };
  /** Not downloaded, because of a bound, a name or a fault. `paths` names the first 100, on the machine. */
  readonly leftBehind?: { readonly files: number; readonly bytes: number; readonly paths: readonly string[] };
  /** Commands of the framework to go on with, as they are pasted into a shell on this computer. */
  readonly nextCommands?: readonly string[];
  readonly lease: {
    readonly ownership: "rented" | "borrowed";
    /** The state the money is in. `nothing-paid` for a borrowed machine. */
    readonly release: "nothing-paid" | "released" | "release-unconfirmed";
    readonly proofs: readonly ReleaseProof[];
    /** What was not confirmed gone and may go on costing. */
    readonly unconfirmed: readonly Resource[];
    readonly priceUsdPerHour: number;
    /** At list price, in whole cents; the invoice decides. Counts from the first resource that costs, without what is unknown of the price. */
    readonly costUsd: number;
    /** What makes up `costUsd`, line by line; empty for a borrowed machine. */
    readonly costs?: readonly CostPart[];
    /** Parts of the price that nobody knows, and that are not counted. */
    readonly unknownCosts?: readonly ("upfront" | "other")[];
  };
}
