import type { Progress, RunEvent, RunEventBody } from "../spec/index.ts";

const reportIntervalMs = 250;
/** How many recent epochs determine the pace; the first ones of a training are often slower. */
const paceOver = 5;
const shortestMeasureMs = 1_000;

/** Turns the progress that a framework reads into events, without repetitions and with the remaining time. */
export interface ProgressTracker {
  update(progress: Progress): Extract<RunEventBody, { type: "progress" }> | undefined;
  /** The last complete epoch. */
  readonly last: Progress | undefined;
}

/** Creates a tracker. `earlier` are the events of the processes that drove the run before. */
export function createProgressTracker(now: () => number, earlier: Iterable<RunEvent> = []): ProgressTracker {
  const reportedMetrics = new Map<number, string>();
  const marks: { done: number; at: number }[] = [];
  let last: Progress | undefined;
  let lastPartial = "";
  let partialAt = Number.NEGATIVE_INFINITY;
  for (const event of earlier) {
    if (event.type !== "progress" || !event.complete) continue;
    reportedMetrics.set(event.done, JSON.stringify(event.metrics));
    marks.push({ done: event.done, at: Date.parse(event.at) });
    last = event;
  }

  const secondsPerEpoch = (): number | undefined => {
    const recent = marks.slice(-paceOver - 1);
    const [first, end] = [recent[0], recent.at(-1)];
    if (first === undefined || end === undefined || end.done <= first.done) return undefined;
    // Epochs that were read at the same moment say nothing about the time between them.
    if (end.at - first.at < shortestMeasureMs) return undefined;
    return (end.at - first.at) / 1000 / (end.done - first.done);
  };

  const withPace = (progress: Progress) => {
    const pace = secondsPerEpoch();
    if (pace === undefined) return { type: "progress" as const, ...progress };
    const within = progress.complete
      ? 1
      : (progress.batch?.done ?? 0) / Math.max(1, progress.batch?.total ?? 1);
    const remainingEpochs =
      progress.total === undefined ? undefined : progress.total - progress.done + 1 - within;
    return {
      type: "progress" as const,
      ...progress,
      secondsPerEpoch: pace,
      ...(remainingEpochs === undefined ? {} : { secondsLeft: Math.max(0, remainingEpochs * pace) }),
    };
  };

  return {
    get last() {
      return last;
    },
    update(progress) {
      if (progress.complete) {
        const key = JSON.stringify(progress.metrics);
        if (reportedMetrics.get(progress.done) === key) return undefined;
        reportedMetrics.set(progress.done, key);
        // A training that went back to an earlier epoch (out of memory, NaN) is measured anew from there.
        if ((marks.at(-1)?.done ?? 0) >= progress.done) marks.length = 0;
        marks.push({ done: progress.done, at: now() });
        last = progress;
        return withPace(progress);
      }
      if (marks.length === 0) marks.push({ done: progress.done - 1, at: now() });
      const key = JSON.stringify(progress);
      if (key === lastPartial || now() - partialAt < reportIntervalMs) return undefined;
      lastPartial = key;
      partialAt = now();
      return withPace(progress);
    },
  };
}
