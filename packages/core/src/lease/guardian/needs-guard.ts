import { listUnreleased } from "../../state/run-leases.ts";
import type { FoundRun } from "../../state/run-list.ts";
import { mustNotBeActedOn } from "../../state/unreadable.ts";

/** Whether somebody must look after a run although nobody sits before it: it costs, or has a limit, and is not over. */
export function needsGuard(run: FoundRun): boolean {
  const { state, problem } = run.reading;
  const { plan, outcome, deadline } = state;
  if (plan === undefined || mustNotBeActedOn(problem)) return false;
  if (listUnreleased(run).length > 0) return true;
  return outcome === undefined && (plan.provider.ownership === "rented" || deadline !== undefined);
}
