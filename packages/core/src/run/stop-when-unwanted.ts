import { UnitrainError } from "../spec/index.ts";
import { type ActiveRun, emit, recordFact } from "./active-run.ts";

export interface Stopping {
  /** Aborted when the training on a rented machine cannot be told to stop. */
  readonly failed: AbortSignal;
  /** The job has ended, or nobody follows it any more. */
  done(): Promise<void>;
}

/** Once the run is unwanted the job is told to end, once more when the user hurries; following goes on beside. */
export function stopWhenRequested(run: ActiveRun, jobId: string): Stopping {
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
        // A job that ended by itself is not one that was stopped, however late that is seen.
        if ((await session.getJobState(jobId, context)).state === "ended") return;
        if (!run.ledger.state.wasStopSent)
          await recordFact(run, { type: "stopping", why: run.stoppedBy(), sent: true });
        await session.stop(jobId, graceMs, context);
      });
    } catch (error) {
      if (signal.aborted) return;
      const { message } = run.assembly.sanitizer.maskError(error);
      await emit(run, {
        type: "warning",
        phase: "train",
        message: `The training was not told to stop: ${message}`,
      });
      // Whoever pays for the machine does not wait for what may never end: what there is is downloaded.
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
