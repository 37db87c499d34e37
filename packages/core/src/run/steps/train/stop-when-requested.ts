import { type Recorder, recordFact } from "../../../journal/recorder.ts";
import { emit } from "../../../journal/reporter.ts";
import { type Provider, UnitrainError } from "../../../spec/index.ts";
import type { Connected } from "../../link/link.ts";
import type { RunSignals } from "../../signals.ts";

/** What it takes to stop the training of a run. */
export type StoppableRun = Recorder &
  Connected &
  Pick<RunSignals, "stopSignal" | "forceSignal" | "detachSignal"> & {
    readonly provider: Pick<Provider, "ownership">;
    /** What stopped the run. */
    readonly stoppedBy: () => "user" | "limit";
    /** How long the job may take to end by itself after it is told to stop. */
    readonly graceMs: () => number;
  };

export interface Stopping {
  /** Aborted when the training on a rented machine cannot be stopped. */
  readonly failed: AbortSignal;
  /** Ends the stopping. Called when the job has ended or is no longer followed. */
  done(): Promise<void>;
}

/** Stops the job when the run is stopped, and again when the user forces the stop. The job is followed in parallel. */
export function stopWhenRequested(run: StoppableRun, jobId: string): Stopping {
  const over = new AbortController();
  const failed = new AbortController();
  const signal = AbortSignal.any([over.signal, run.detachSignal]);
  const stops: Promise<void>[] = [];
  const stop = async () => {
    try {
      if (!run.ledger.state.isStopping) await recordFact(run, { type: "stopping", why: run.stoppedBy() });
      await emit(run, {
        type: "job",
        jobId,
        state: "stopping",
        reason: run.ledger.state.stoppedBy ?? "user",
      });
      const graceMs = run.graceMs();
      const call = { phase: "train" as const, method: "stop", timeoutMs: graceMs + 60_000, signal, tries: 3 };
      await run.link.use({ ...call, patienceMs: Number.POSITIVE_INFINITY }, async (session, context) => {
        // A job that had already ended by itself does not count as stopped.
        if ((await session.getJobState(jobId, context)).state === "ended") return;
        if (!run.ledger.state.wasStopSent)
          await recordFact(run, { type: "stopping", why: run.stoppedBy(), sent: true });
        await session.stop(jobId, graceMs, context);
      });
    } catch (error) {
      if (signal.aborted) return;
      const { message } = run.sanitizer.maskError(error);
      await emit(run, {
        type: "warning",
        phase: "train",
        message: `Cannot stop the training: ${message}`,
      });
      // A rented machine costs money, so its files are downloaded without waiting for the job to end.
      if (run.provider.ownership === "rented") failed.abort(error);
    }
  };
  const begin = () => void stops.push(stop());
  if (run.stopSignal.aborted || run.ledger.state.isStopping) begin();
  else run.stopSignal.addEventListener("abort", begin, { once: true });
  run.forceSignal.addEventListener("abort", begin, { once: true });
  return {
    failed: failed.signal,
    async done() {
      run.stopSignal.removeEventListener("abort", begin);
      run.forceSignal.removeEventListener("abort", begin);
      over.abort(new UnitrainError("CANCELLED", "The job has ended."));
      await Promise.all(stops);
    },
  };
}
