import type { StopOptions } from "../api/run.ts";
import type { Recorder } from "../journal/recorder.ts";
import {
  armDeadline,
  createDeadlineError,
  createDownloadTimeoutError,
  createLimitReachedError,
} from "../lease/deadline.ts";
import { type Plan, type Provider, UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";
import { detached, type RunSignals } from "./signals.ts";

const defaultGraceMs = 30_000;

interface InterruptionsOptions extends Pick<Recorder, "ledger"> {
  readonly plan: Pick<Plan, "limit">;
  readonly provider: Pick<Provider, "ownership">;
  readonly clock: Clock;
  /** Stops the run when it is aborted. */
  readonly signal: AbortSignal | undefined;
  /** If set, the run is stopped at once. This is the time limit for the stop and the download. */
  readonly stopWithinMs: number | undefined;
}

/** Everything that ends a run early: the user, the run's limit, and the end of this process. */
export interface Interruptions {
  readonly signals: RunSignals;
  /** What stopped the run. */
  readonly stoppedBy: () => "user" | "limit";
  /** How long the job may take to end by itself after it is told to stop. */
  readonly graceMs: () => number;
  stop(options?: StopOptions): void;
  /** Leaves the job running. */
  detach(): void;
  /** Ends the timers of the limit, once the run is over. */
  cancel(): void;
}

export function createInterruptions(options: InterruptionsOptions): Interruptions {
  const { plan, provider, ledger, clock, signal, stopWithinMs } = options;
  const stopAbort = new AbortController();
  const forceAbort = new AbortController();
  const detachAbort = new AbortController();
  const deadlineAbort = new AbortController();
  let stoppedBy: "user" | "limit" = "user";
  let graceMs = defaultGraceMs;

  const stop = ({ graceMs: requestedGraceMs, discard = false }: StopOptions = {}) => {
    graceMs = requestedGraceMs ?? (discard ? 0 : graceMs);
    if (stopAbort.signal.aborted) forceAbort.abort();
    stopAbort.abort(new UnitrainError("CANCELLED", "The run was stopped before the training started."));
    if (!discard || provider.ownership === "borrowed") return;
    // The entry is also for the process that continues the run if this one is killed now.
    ledger.append({ type: "failed", error: createDiscardedError().toJSON() }).catch(() => {});
    deadlineAbort.abort(createDiscardedError());
  };
  const stopAtLimit = () => {
    if (stopAbort.signal.aborted || ledger.state.jobEnd !== undefined) return;
    stoppedBy = "limit";
    // The entry also tells the guardian, which kills a controller that misses its deadline.
    ledger.append({ type: "stopping", why: "limit" }).catch(() => {});
    stopAbort.abort(createLimitReachedError(plan.limit));
  };
  const endAtDeadline = () => {
    // A borrowed machine costs nothing, so its run may take the time it needs to end.
    if (provider.ownership === "rented") deadlineAbort.abort(createDeadlineError());
  };

  const stopBySignal = () => stop();
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stopBySignal, { once: true });
  const { outcome, deadline } = ledger.state;
  const deadlineAlarm = armDeadline(clock, outcome === undefined ? deadline : undefined, {
    stop: stopAtLimit,
    end: endAtDeadline,
  });
  let downloadAlarm: { cancel(): void } | undefined;
  if (stopWithinMs !== undefined) {
    stop();
    downloadAlarm = clock.after(stopWithinMs, () =>
      deadlineAbort.abort(createDownloadTimeoutError(stopWithinMs)),
    );
  }
  return {
    signals: {
      stopSignal: stopAbort.signal,
      forceSignal: forceAbort.signal,
      detachSignal: detachAbort.signal,
      deadlineSignal: deadlineAbort.signal,
    },
    stoppedBy: () => stoppedBy,
    graceMs: () => graceMs,
    stop,
    detach: () => detachAbort.abort(detached),
    cancel() {
      deadlineAlarm.cancel();
      downloadAlarm?.cancel();
      signal?.removeEventListener("abort", stopBySignal);
    },
  };
}

function createDiscardedError(): UnitrainError {
  return new UnitrainError(
    "CANCELLED",
    "The machine was released at once. Files that were not downloaded are lost.",
  );
}
