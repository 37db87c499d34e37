import type { MachineFacts, Phase, Plan, RunEvent, SavedFile, ShipProgress, Shipped } from "@unitrain/core";
import { decidingScore, type Metrics } from "./metrics.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/** What is known of a run from its events so far; made by `take`, read by the screens. */
export interface RunView {
  /** Phases that go on: since when, in milliseconds since 1970, and what was said last. */
  readonly active: Map<Phase, { readonly since: number; said?: string }>;
  /** Complete epochs; after a retry the last one of its number wins. */
  readonly epochs: Map<number, Metrics>;
  /** What came home, by path: a file may come more than once. */
  readonly artifacts: Map<string, SavedFile>;
  /** The training itself was started, perhaps by a process before this one. */
  jobBegun: boolean;
  /** In milliseconds since 1970; its end is when it was noticed. */
  jobStartedAt?: number;
  jobEndedAt?: number;
  jobExitCode?: number;
  /** Another process went on with the run where one had left it. */
  changedHands: boolean;
  /** The user asked for the end: what is cut off now has not failed. */
  stopping: boolean;
  machine?: MachineFacts;
  environment?: EventOf<"environment">;
  ship?: ShipProgress;
  shipped?: Shipped;
  download?: EventOf<"download">;
  progress?: EventOf<"progress">;
  /** Of a rented machine, once the run told what was planned. */
  plan?: Plan;
  /** Since when a machine was asked for, in milliseconds since 1970: what is paid began then or a moment later. */
  leaseStartedAt?: number;
  guardian?: EventOf<"guardian">;
  /** When a model of this training was brought home last. */
  modelHomeAt?: number;
  /** Seconds of each phase that is over, all its times together. */
  readonly phaseSeconds: Map<Phase, number>;
  /** Why there is no connection at the moment. */
  connectionLost?: string;
  /** When it is stopped by itself. */
  deadline?: EventOf<"deadline">;
  finished?: EventOf<"finished">;
}

export function emptyView(): RunView {
  return {
    active: new Map(),
    epochs: new Map(),
    artifacts: new Map(),
    phaseSeconds: new Map(),
    jobBegun: false,
    changedHands: false,
    stopping: false,
  };
}

/** Takes one event in. */
export function take(view: RunView, event: RunEvent): void {
  switch (event.type) {
    case "phase":
      if (event.state === "started") {
        view.active.set(event.phase, { since: Date.parse(event.at) });
        if (event.phase === "lease") view.leaseStartedAt ??= Date.parse(event.at);
      } else {
        view.active.delete(event.phase);
        const before = view.phaseSeconds.get(event.phase) ?? 0;
        view.phaseSeconds.set(event.phase, before + event.seconds);
      }
      return;
    case "planned":
      view.plan = event.plan;
      return;
    case "guardian":
      view.guardian = event;
      return;
    case "status": {
      const phase = view.active.get(event.phase);
      if (phase !== undefined) phase.said = event.message.trim();
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
      if (event.complete) view.epochs.set(event.done, event.metrics);
      return;
    case "job":
      view.jobBegun = true;
      if (event.state === "started") view.jobStartedAt = Date.parse(event.at);
      if (event.state === "ended") {
        view.jobEndedAt = Date.parse(event.at);
        view.jobExitCode = event.exitCode;
      }
      return;
    case "controller":
      if (event.state === "attached") view.changedHands = true;
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

/** The complete epoch with the best deciding score. */
export function bestEpoch(view: RunView): { readonly epoch: number; readonly metrics: Metrics } | undefined {
  let best: { epoch: number; metrics: Metrics; value: number } | undefined;
  for (const [epoch, metrics] of view.epochs) {
    const value = decidingScore(metrics)?.value;
    // Nothing learned yet is not the best of anything.
    if (value !== undefined && value > 0 && (best === undefined || value > best.value)) {
      best = { epoch, metrics, value };
    }
  }
  return best;
}
