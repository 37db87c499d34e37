import type { LedgerReading } from "../../state/read-ledger.ts";
import { mustNotBeActedOn } from "../unreadable-run.ts";

/** Whether somebody must look after a run although nobody sits before it: it costs, or has a limit, and is not over. */
export function needsGuard({ state, problem }: Pick<LedgerReading, "state" | "problem">): boolean {
  const { plan, outcome, unreleased, deadline } = state;
  if (plan === undefined || mustNotBeActedOn(problem)) return false;
  if (unreleased.length > 0) return true;
  return outcome === undefined && (plan.provider.ownership === "rented" || deadline !== undefined);
}
