import type { AdapterBoundary } from "../../adapters/boundary.ts";
import type { ActiveLease } from "../../lease/active-lease.ts";
import { createLeaseContext } from "../../lease/release.ts";
import type { Plan, Provider } from "../../spec/index.ts";

/** What it takes to call the provider about a run's machine. */
export interface LeasedMachine {
  readonly plan: Pick<Plan, "runId">;
  readonly provider: Provider;
  readonly lease: ActiveLease;
  readonly boundary: AdapterBoundary;
}

/** Returns the fields that a call's context needs in addition for this run's machine. */
export function createRunContext({ plan, lease }: Pick<LeasedMachine, "plan" | "lease">) {
  return createLeaseContext({ runId: plan.runId, lease });
}
