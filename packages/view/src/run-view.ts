import type {
  MachineFacts,
  Phase,
  Plan,
  RunEvent,
  SavedFile,
  ShipProgress,
  ShipResult,
} from "@unitrain/core/spec";
import { decidingScore, type Metrics } from "./metrics.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/** What is known of a run from its events so far; made by `take`, read by the screens. */
export interface RunView {
  /** Phases that go on: since when, in milliseconds since 1970, and what was said last. */
  readonly active: Map<Phase, { readonly since: number; message?: string }>;
  /** Complete epochs; after a retry the last one of its number wins. */
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
  /** Of a rented machine, once the run told what was planned. */
  plan?: Plan;
  /** Since when something is there that costs, in milliseconds since 1970. */
  paidSince?: number;
  guardian?: EventOf<"guardian">;
  /** When a model of this training was downloaded last. */
  modelHomeAt?: number;
  /** When each phase that is not over was begun first, also by a process before this one. */
  readonly begunAt: Map<Phase, number>;
  /** Seconds of each phase that is over, from its first beginning on. */
  readonly phaseSeconds: Map<Phase, number>;
  /** Why there is no connection at the moment. */
  connectionLost?: string;
  /** When it is stopped by itself. */
  deadline?: EventOf<"deadline">;
  finished?: EventOf<"finished">;
}

export function createRunView(): RunView {
  return {
    active: new Map(),
    epochs: new Map(),
    scores: new Map(),
    artifacts: new Map(),
    begunAt: new Map(),
    phaseSeconds: new Map(),
    hasJobBegun: false,
    hasChangedHands: false,
    isStopping: false,
    isLimitReached: false,
  };
}

/** Takes one event in. */
export function applyEvent(view: RunView, event: RunEvent): void {
  switch (event.type) {
    case "phase":
      takePhase(view, event);
      return;
    case "billing":
      view.paidSince ??= Date.parse(event.since);
      return;
    case "planned":
      view.plan = event.plan;
      return;
    case "guardian":
      view.guardian = event;
      return;
    case "status": {
      const phase = view.active.get(event.phase);
      if (phase !== undefined) phase.message = event.message.trim();
      return;
    }
    case "machine":
      view.machine = event.facts;
      return;
    case "deadline":
      view.deadline = event;
      return;
    case "environment":
      view.environment = event;
      return;
    case "ship":
      view.ship = event;
      return;
    case "shipped":
      view.shipped = event;
      return;
    case "download":
      view.download = event;
      return;
    case "progress":
      view.progress = event;
      if (event.complete) {
        view.epochs.set(event.done, event.metrics);
        if (event.score !== undefined) view.scores.set(event.done, event.score);
      }
      return;
    case "job":
      view.hasJobBegun = true;
      if (event.state === "started") view.jobStartedAt = Date.parse(event.at);
      if (event.state === "stopping") {
        view.isStopping = true;
        view.isLimitReached = event.reason === "limit";
      }
      if (event.state === "ended") {
        view.jobEndedAt = Date.parse(event.at);
        view.jobExitCode = event.exitCode;
      }
      return;
    case "controller":
      if (event.state === "detached") return;
      view.hasChangedHands = true;
      // What the process before this one was in the middle of: it is begun again, or does not go on.
      view.active.clear();
      return;
    case "connection":
      if (event.state === "lost") view.connectionLost = event.detail;
      else delete view.connectionLost;
      return;
    case "artifact":
      view.artifacts.set(event.path, event);
      if (event.role === "model") view.modelHomeAt = Date.parse(event.at);
      return;
    case "finished":
      view.finished = event;
      view.active.clear();
      return;
  }
}

/** A phase that another process goes on with has its time from the first beginning on. */
function takePhase(view: RunView, event: EventOf<"phase">): void {
  const at = Date.parse(event.at);
  const begunAt = view.begunAt.get(event.phase) ?? at;
  if (event.state === "started") {
    view.begunAt.set(event.phase, begunAt);
    view.active.set(event.phase, { since: begunAt });
    return;
  }
  view.begunAt.delete(event.phase);
  view.active.delete(event.phase);
  view.phaseSeconds.set(event.phase, Math.max(event.seconds, (at - begunAt) / 1000));
}

export function isRented({ plan }: RunView): boolean {
  return plan?.provider.ownership === "rented";
}

/** Somebody goes on with the run, or ends it at its limit, should this process end. */
export function isGuarded({ guardian, deadline }: RunView): boolean {
  return guardian === undefined ? deadline !== undefined : guardian.state === "armed";
}

/** The metrics of the last complete epoch; empty before there is one. */
export function lastMetrics(view: RunView): Metrics {
  return [...view.epochs.values()].at(-1) ?? {};
}

/** The complete epoch with the best score: the framework's own, else the metric that usually decides. */
export function bestEpoch(view: RunView): { readonly epoch: number; readonly metrics: Metrics } | undefined {
  let best: { epoch: number; metrics: Metrics; value: number } | undefined;
  for (const [epoch, metrics] of view.epochs) {
    const value = view.scores.get(epoch) ?? decidingScore(metrics)?.value;
    // Nothing learned yet is not the best of anything.
    if (value !== undefined && value > 0 && (best === undefined || value > best.value)) {
      best = { epoch, metrics, value };
    }
  }
  return best;
}
