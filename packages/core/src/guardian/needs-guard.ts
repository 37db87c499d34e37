import type { LedgerState } from "../state/ledger-state.ts";

/** Whether somebody must look after a run although nobody sits before it: it costs, or has a limit, and is not over. */
export function needsGuard({ plan, outcome, unreleased, deadline }: LedgerState): boolean {
  if (plan === undefined) return false;
  if (unreleased.length > 0) return true;
  return outcome === undefined && (plan.provider.ownership === "rented" || deadline !== undefined);
}
