import { emit, type Reporter } from "../journal/reporter.ts";
import type { LeaseToRelease } from "../lease/release.ts";
import type { LeasedMachine } from "./link/leased-machine.ts";

/** What it takes to release a run's machine. */
export type ReleasingRun = Reporter & LeasedMachine & Pick<LeaseToRelease, "sanitizer" | "proven">;

/** Returns the run's own lease for `releaseLease`. Its progress is shown in the run's events. */
export function createLeaseToRelease(run: ReleasingRun): LeaseToRelease {
  const { clock, lease, provider, boundary, sanitizer, proven } = run;
  return {
    runId: run.plan.runId,
    clock,
    lease,
    provider,
    boundary,
    sanitizer,
    proven,
    showRelease: (message) => emit(run, { type: "status", phase: "teardown", message }),
  };
}
