import type {
  AdapterDescriptor,
  DataSource,
  Deadline,
  Outcome,
  Plan,
  Receipt,
  Resource,
  RunSetting,
} from "../spec/index.ts";
import type { StateProblem } from "../state/unreadable.ts";

/** Where a run stands, as far as the files on this computer tell. */
export type RunState =
  /** A controller lives; `phase` tells more. */
  | "active"
  /** The job was started, and nobody follows it. */
  | "detached"
  /** Its controller died before the job ran. */
  | "interrupted"
  | "release-unconfirmed"
  | "over"
  /** Its ledger or its lock cannot be read: it may still cost. `problem` says why. What nothing tells is `unknown`. */
  | "unreadable";

/** What lists show of a run. */
export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly outcome?: Outcome;
  /** `training`, `ship`…: the last one that started. */
  readonly phase: string;
  readonly createdAt: string;
  readonly machine: string;
  readonly provider: AdapterDescriptor & { readonly ownership: "rented" | "borrowed" };
  readonly job: string;
  readonly epochs?: { readonly done: number; readonly total?: number };
  readonly metrics: Readonly<Record<string, number>>;
  /** The framework's deciding figure of the last complete epoch, and of the best; see `Progress.score`. */
  readonly score?: number;
  readonly best?: Receipt["best"];
  /** What was set and where from, to tell runs apart; `data.digest` names the content that was trained on. */
  readonly settings?: readonly RunSetting[];
  readonly command?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly data?: { readonly source: DataSource; readonly digest: string };
  /** The working folder in which it was started: its relative paths are seen from there. */
  readonly workingFolder?: string;
  /** Process id of the controller that lives. */
  readonly controller?: number;
  /** That controller is the guardian. */
  readonly guarded?: boolean;
  /** Of a rented machine, for the whole of it. */
  readonly priceUsdPerHour?: number;
  /** At list price, up to now or to the moment the last of it was seen to be gone. */
  readonly costUsd?: number;
  /** When the run is over at the latest. */
  readonly deadline?: Deadline;
  /** Paid, and not confirmed gone. */
  readonly unreleased: readonly Resource[];
  readonly out: string;
  /** Something in its files cannot be read; the rest of the summary is what could be. */
  readonly problem?: StateProblem;
  /** Why the guardian cannot look after it; it tries again every minute. */
  readonly guardianProblem?: string;
}

/** One run, with the plan that it was started with. */
export interface RunDetails extends RunSummary {
  readonly plan: Plan;
}
