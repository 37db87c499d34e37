import type {
  MachineFacts,
  Phase,
  Plan,
  RunEvent,
  SavedFile,
  ShipProgress,
  ShipResult,
} from "@unitrain/core/spec";
import { type Metrics, rateScore } from "./metrics.ts";

export type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/**
 * What is known of a run from its events so far. `applyEvent` changes it, screens only read it. It grows with the epochs and the
 * downloaded files of a run, never with its log.
 */
export interface RunView {
  /** The sequence number of the last event that was applied; -1 before the first. */
  lastSeq: number;
  /** Phases that go on: since when, in milliseconds since 1970, and their last message. */
  readonly active: Map<Phase, { readonly since: number; readonly message?: string }>;
  /** The metrics of complete epochs, in the order in which they were completed. After a retry the last epoch of a number counts. */
  readonly epochs: Map<number, Metrics>;
  /** By which the framework tells the best epoch, where it says so. */
  readonly scores: Map<number, number>;
  /** What was downloaded, by path: a file may come more than once. */
  readonly artifacts: Map<string, SavedFile>;
  /** The training itself was started, perhaps by a process before this one. */
  hasJobBegun: boolean;
  /** In milliseconds since 1970; its end is when it was noticed. */
  jobStartedAt?: number;
  jobEndedAt?: number;
  jobExitCode?: number;
  /** Another process went on with the run where one had left it. */
  hasChangedHands: boolean;
  /** The end was asked for, or the limit was reached: what is cut off now has not failed. */
  isStopping: boolean;
  /** The run ends because its limit was reached. */
  isLimitReached: boolean;
  machine?: MachineFacts;
  environment?: EventOf<"environment">;
  ship?: ShipProgress;
  shipped?: ShipResult;
  download?: EventOf<"download">;
  progress?: EventOf<"progress">;
  plan?: Plan;
  /** Since when something is there that costs, in milliseconds since 1970. */
  paidSince?: number;
  guardian?: EventOf<"guardian">;
  /** When a model of this training was downloaded last, in milliseconds since 1970. */
  modelDownloadedAt?: number;
  /** When each phase that is not over was started first, also by a process before this one. */
  readonly startedAt: Map<Phase, number>;
  /** Seconds of each phase that is over, from its first start on. */
  readonly phaseSeconds: Map<Phase, number>;
  /** The reason why there is currently no connection. */
  connectionLost?: string;
  /** The time at which the run is stopped automatically. */
  deadline?: EventOf<"deadline">;
  finished?: EventOf<"finished">;
}

/**
 * Creates an empty view of a run. Apply the run's events to it with `applyEvent()`.
 *
 * @example
 * ```ts
 * import { applyEvent, createEventLines, createRunView } from "@unitrain/view";
 *
 * const view = createRunView();
 * const lines = createEventLines();
 * for await (const text of process.stdin.setEncoding("utf8")) {
 *   for (const event of lines.push(String(text))) applyEvent(view, event);
 * }
 * console.log(view.progress?.done);
 * ```
 */
export function createRunView(): RunView {
  return {
    lastSeq: -1,
    active: new Map(),
    epochs: new Map(),
    scores: new Map(),
    artifacts: new Map(),
    startedAt: new Map(),
    phaseSeconds: new Map(),
    hasJobBegun: false,
    hasChangedHands: false,
    isStopping: false,
    isLimitReached: false,
  };
}

/** Whether the machine of the run is rented. */
export function isRented({ plan }: Pick<RunView, "plan">): boolean {
  return plan?.provider.ownership === "rented";
}

/** Whether somebody goes on with the run, or ends it at its limit, should this process end. */
export function isGuarded({ guardian, deadline }: Pick<RunView, "guardian" | "deadline">): boolean {
  return guardian === undefined ? deadline !== undefined : guardian.state === "armed";
}

/** Returns the metrics of the last complete epoch; empty before there is one. */
export function getLastMetrics({ epochs }: Pick<RunView, "epochs">): Metrics {
  return [...epochs.values()].at(-1) ?? {};
}

/** Returns the complete epoch with the best score: the framework's own, else the metric that decides. */
export function findBestEpoch({
  epochs,
  scores,
  plan,
}: Pick<RunView, "epochs" | "scores" | "plan">):
  | { readonly epoch: number; readonly metrics: Metrics }
  | undefined {
  let best: { epoch: number; metrics: Metrics; value: number } | undefined;
  for (const [epoch, metrics] of epochs) {
    const score = scores.get(epoch);
    const value = score === undefined ? rateScore(metrics, plan?.metrics) : score > 0 ? score : undefined;
    // Nothing learned yet is not the best of anything.
    if (value !== undefined && (best === undefined || value > best.value)) best = { epoch, metrics, value };
  }
  return best;
}
