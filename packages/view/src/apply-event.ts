import type { RunEvent } from "@unitrain/core/spec";
import { isRunEvent } from "./is-run-event.ts";
import type { Metrics } from "./metrics.ts";
import { toPlainEvent } from "./plain-event.ts";
import type { EventOf, RunView } from "./run-view.ts";

/**
 * Applies an event of a run to its view, and returns whether it changed anything. An event that was applied before or is damaged is
 * ignored, so that an interrupted reader may start again with the first event. The result depends only on the events, and its texts
 * contain no control or invisible characters.
 *
 * @example
 * ```ts
 * import type { Run } from "@unitrain/core";
 * import { applyEvent, createRunView } from "@unitrain/view";
 *
 * export async function watch(run: Run) {
 *   const view = createRunView();
 *   for await (const event of run.events) applyEvent(view, event);
 *   return view;
 * }
 * ```
 */
export function applyEvent(view: RunView, event: RunEvent): boolean {
  if (!isRunEvent(event) || event.seq <= view.lastSeq) return false;
  view.lastSeq = event.seq;
  change(view, toPlainEvent(event));
  return true;
}

function change(view: RunView, event: RunEvent): void {
  switch (event.type) {
    case "planned":
      view.plan = event.plan;
      return;
    case "phase":
      changePhase(view, event);
      return;
    case "status": {
      const phase = view.active.get(event.phase);
      if (phase !== undefined) view.active.set(event.phase, { ...phase, message: event.message.trim() });
      return;
    }
    case "billing":
      view.paidSince ??= Date.parse(event.since);
      return;
    case "guardian":
    case "deadline":
    case "environment":
    case "ship":
    case "shipped":
    case "download":
      Object.assign(view, { [event.type]: event });
      return;
    case "machine":
      view.machine = event.facts;
      return;
    case "progress":
      changeProgress(view, event);
      return;
    case "job":
      changeJob(view, event);
      return;
    case "controller":
      if (event.state !== "attached") return;
      view.hasChangedHands = true;
      // What the process before this one was in the middle of: it is begun again, or does not go on.
      view.active.clear();
      return;
    case "connection":
      if (event.state === "lost") view.connectionLost = event.detail;
      else delete view.connectionLost;
      return;
    case "attempt":
      beginAgain(view);
      return;
    case "artifact":
      if (view.artifacts.size < mostArtifacts || view.artifacts.has(event.path))
        view.artifacts.set(event.path, event);
      if (event.role === "model") view.modelDownloadedAt = Date.parse(event.at);
      return;
    case "finished":
      view.finished = event;
      view.active.clear();
      return;
    // Shown as they come; nothing of them is kept.
    case "warning":
    case "log":
      return;
  }
}

/** Several times what core lists one by one. */
const mostArtifacts = 5_000;

/** A phase that another process goes on with has its time from the first start on. */
function changePhase({ active, startedAt, phaseSeconds }: RunView, event: EventOf<"phase">): void {
  const at = Date.parse(event.at);
  const since = startedAt.get(event.phase) ?? at;
  if (event.state === "started") {
    startedAt.set(event.phase, since);
    active.set(event.phase, { since });
    return;
  }
  startedAt.delete(event.phase);
  active.delete(event.phase);
  phaseSeconds.set(event.phase, Math.max(event.seconds, (at - since) / 1000));
}

/** Another machine starts from nothing: its model contains nothing of what the previous machine did. */
function beginAgain(view: RunView): void {
  for (const kept of [view.active, view.epochs, view.scores, view.startedAt]) kept.clear();
  view.hasJobBegun = false;
  for (const name of ["progress", "jobStartedAt", "jobEndedAt", "jobExitCode", "connectionLost"] as const)
    delete view[name];
}

function changeProgress(view: RunView, event: EventOf<"progress">): void {
  const metrics = readMetrics(event.metrics);
  view.progress = { ...event, metrics };
  if (!event.complete) return;
  const { epochs, scores } = view;
  // Deleted first, so that the last epoch stands at the end, also after a retry from an earlier one.
  epochs.delete(event.done);
  epochs.set(event.done, metrics);
  if (typeof event.score === "number") scores.set(event.done, event.score);
  else scores.delete(event.done);
}

/** In JSON NaN and Infinity are null: from disk and from memory they become the same. */
function readMetrics(metrics: Metrics): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : Number.NaN]),
  );
}

function changeJob(view: RunView, event: EventOf<"job">): void {
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
}
