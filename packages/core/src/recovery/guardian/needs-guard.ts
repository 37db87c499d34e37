import { listUnreleased } from "../../state/run-leases.ts";
import type { FoundRun } from "../../state/run-list.ts";
import { mustNotBeActedOn } from "../../state/unreadable.ts";

/** Whether a run needs a guardian: it may cost money, or it is not over and is rented or has a limit. */
export function needsGuard(run: FoundRun): boolean {
  const { state, problem } = run.reading;
  const { plan, outcome, deadline } = state;
  if (plan === undefined || mustNotBeActedOn(problem)) return false;
  if (listUnreleased(run).length > 0) return true;
  return outcome === undefined && (plan.provider.ownership === "rented" || deadline !== undefined);
}
