import { emit, type Reporter } from "../journal/reporter.ts";
import type { Phase } from "../spec/index.ts";
import { detached, type RunSignals } from "./signals.ts";

/** What it takes to report the beginning and the end of a phase. */
export type PhaseReporter = Reporter & Pick<RunSignals, "detachSignal">;

/** Runs one phase, and emits an event when it starts and when it ends. */
export async function runPhase<T>(run: PhaseReporter, phase: Phase, step: () => Promise<T>): Promise<T> {
  const start = run.clock.now();
  await emit(run, { type: "phase", phase, state: "started" });
  const over = (state: "ended" | "failed") =>
    emit(run, { type: "phase", phase, state, seconds: (run.clock.now() - start) / 1000 });
  try {
    const result = await step();
    await over("ended");
    return result;
  } catch (error) {
    // A phase from which this process detached has not failed.
    if (error !== detached && !run.detachSignal.aborted) await over("failed");
    throw error;
  }
}
