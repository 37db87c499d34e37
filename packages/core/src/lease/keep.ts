import type { ActiveRun } from "../run/active-run.ts";
import { getLeaseStage } from "../state/lease-state.ts";
import { whyNoGuardian } from "./arm-guardian.ts";

/** Whether the run holds a machine that is not released: only then its lease is this process's to change. */
export function holdsMachine({ lease, plan }: Pick<ActiveRun, "lease" | "plan">): boolean {
  const { state } = lease.ledger;
  const last = state.holdings.at(-1);
  if (getLeaseStage(state) === "released" || state.keepUntil !== undefined) return false;
  return last === undefined || (last.until === undefined && last.runId === plan.runId);
}

/**
 * Keeps the machine of a run that completed for the next run, if the plan says so. Returns whether it is kept: without a guardian, which
 * releases it at the end of its time, or where that cannot be written down, it is not.
 */
export async function keepMachine(run: ActiveRun): Promise<boolean> {
  const { plan, provider, lease, ledger, clock, stopSignal, deadlineSignal, isCollected } = run;
  const { state } = lease.ledger;
  if (plan.keepMinutes === undefined || provider.ownership !== "rented" || isCollected) return false;
  if (ledger.state.error !== undefined || ledger.state.isStopping || ledger.state.artifacts === undefined)
    return false;
  if (stopSignal.aborted || deadlineSignal.aborted || getLeaseStage(state) !== "held") return false;
  if ((await whyNoGuardian(run)) !== undefined) return false;
  const keepUntil = new Date(clock.now() + plan.keepMinutes * 60_000).toISOString();
  return (await lease.ledger.note({ type: "idle", keepUntil })) === undefined;
}
