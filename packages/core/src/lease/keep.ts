import type { Plan } from "../spec/index.ts";
import { getLeaseStage } from "../state/lease-state.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Clock } from "../time/clock.ts";
import type { ActiveLease } from "./active-lease.ts";
import { findGuardianProblem, type GuardedRun } from "./guardian-problem.ts";

/** A run that has ended, whose machine may be kept for the next run. */
export interface EndedRun extends GuardedRun {
  readonly plan: Pick<Plan, "runId" | "keepMinutes">;
  readonly lease: ActiveLease;
  readonly ledger: { readonly state: LedgerState };
  readonly clock: Clock;
  readonly stopSignal: AbortSignal;
  readonly deadlineSignal: AbortSignal;
  /** Whether `gc` ends the run. */
  readonly isCollected: boolean;
}

/** Whether the run holds a machine that is not released. Only then may this process change the lease. */
export function holdsMachine({ lease, plan }: Pick<EndedRun, "lease" | "plan">): boolean {
  const { state } = lease.ledger;
  const last = state.holdings.at(-1);
  if (getLeaseStage(state) === "released" || state.keepUntil !== undefined) return false;
  return last === undefined || (last.until === undefined && last.runId === plan.runId);
}

/**
 * Keeps the machine of a completed run for the next run, if the plan asks for that. Returns whether it is kept. It is not kept
 * without a guardian, which releases it when its time is over, nor when the ledger cannot be written.
 */
export async function keepMachine(run: EndedRun): Promise<boolean> {
  const { plan, provider, lease, ledger, clock, stopSignal, deadlineSignal, isCollected } = run;
  const { state } = lease.ledger;
  if (plan.keepMinutes === undefined || provider.ownership !== "rented" || isCollected) return false;
  if (ledger.state.error !== undefined || ledger.state.isStopping || ledger.state.artifacts === undefined)
    return false;
  if (stopSignal.aborted || deadlineSignal.aborted || getLeaseStage(state) !== "held") return false;
  if ((await findGuardianProblem(run)) !== undefined) return false;
  const keepUntil = new Date(clock.now() + plan.keepMinutes * 60_000).toISOString();
  return (await lease.ledger.note({ type: "idle", keepUntil })) === undefined;
}
