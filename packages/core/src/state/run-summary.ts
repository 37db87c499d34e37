import type {
  AdapterDescriptor,
  DataSource,
  Deadline,
  Outcome,
  Plan,
  Receipt,
  Resource,
  RunSetting,
  ShownMetrics,
} from "../spec/index.ts";
import type { LeaseStage } from "./lease-state.ts";
import type { StateProblem } from "./unreadable.ts";

/** The state of a run, according to the files on this computer. */
export type RunState =
  /** A process drives it; `phase` is its current phase. */
  | "active"
  /** The job was started, and no process follows it. */
  | "detached"
  /** Its controller ended before the job was started. */
  | "interrupted"
  /** It is over, but not everything paid is confirmed gone. */
  | "release-unconfirmed"
  | "over"
  /** Its ledger or lock cannot be read, so it may still cost money; `problem` says why. Unknown fields of the summary are `unknown`. */
  | "unreadable";

/** A run of this computer, as `runs()` lists it. */
export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly outcome?: Outcome;
  /** The phase that started last: `train`, `ship`… */
  readonly phase: string;
  readonly createdAt: string;
  readonly machine: string;
  readonly provider: AdapterDescriptor & { readonly ownership: "rented" | "borrowed" };
  readonly job: string;
  readonly epochs?: { readonly done: number; readonly total?: number };
  readonly metrics: Readonly<Record<string, number>>;
  /** How the metrics are shown; see `Plan.metrics`. */
  readonly shownMetrics?: ShownMetrics;
  /** The score of the last complete epoch; see `Progress.score`. */
  readonly score?: number;
  /** The epoch with the best score. */
  readonly best?: Receipt["best"];
  /** All settings with their sources. */
  readonly settings?: readonly RunSetting[];
  readonly command?: string;
  readonly versions?: Readonly<Record<string, string>>;
  /** The data that it trains on; `digest` (hex) identifies the content. */
  readonly data?: { readonly source: DataSource; readonly digest: string };
  /** The absolute path of the working folder that it was started in, which its relative paths refer to. */
  readonly workingFolder?: string;
  /** The process id of its controller; 0 if a process drives it whose id cannot be read. */
  readonly controller?: number;
  /** Whether that controller is the guardian. */
  readonly guarded?: boolean;
  /** The price of the rented machine. */
  readonly priceUsdPerHour?: number;
  /** The cost at list price, up to now or until the last paid resource was confirmed gone. */
  readonly costUsd?: number;
  /** When the training is stopped and the machine is released at the latest. */
  readonly deadline?: Deadline;
  /** Its leases, oldest first, and where each of them stands. */
  readonly leases?: readonly { readonly id: string; readonly stage: LeaseStage }[];
  /** The resources that are not confirmed gone. */
  readonly unreleased: readonly Resource[];
  /** The absolute path of the folder that its files are downloaded to. */
  readonly out: string;
  /** What is wrong with the run's files, if something is; the other fields are what could be read. */
  readonly problem?: StateProblem;
  /** Why the guardian cannot continue the run; it tries again every minute. */
  readonly guardianProblem?: string;
}

/** One run, with the plan that it was started with. */
export interface RunDetails extends RunSummary {
  readonly plan: Plan;
}

/** A lease that may cost money and that no run is responsible for: a kept machine, or the machine of an earlier attempt. */
export interface LeaseSummary {
  readonly id: string;
  /** `idle` for a kept machine, which the next run may take. */
  readonly stage: LeaseStage;
  /** The name of its provider. */
  readonly provider: string;
  readonly machine: string;
  readonly priceUsdPerHour?: number;
  /** Until when it is kept; then the guardian releases it. ISO 8601. */
  readonly keepUntil?: string;
  /** The resources that are not confirmed gone. */
  readonly unreleased: readonly Resource[];
  /** What is wrong with its files, if something is. */
  readonly problem?: StateProblem;
}
