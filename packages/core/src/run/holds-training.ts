import type { ErrorCode } from "../spec/index.ts";
import type { LeaseState } from "../state/lease-state.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/** After these errors nothing more is downloaded: the run was cancelled, its time was over, or there was nothing to download. */
const finalErrors: ReadonlySet<ErrorCode> = new Set([
  "CANCELLED",
  "TIMED_OUT",
  "MACHINE_GONE",
  "ARTIFACT_NOT_FOUND",
  "ARTIFACT_DAMAGED",
]);

/** Whether the machine of a run without a controller may hold a training, or a model that is not on this computer. */
export function holdsTraining(state: LedgerState, lease: LeaseState | undefined): boolean {
  return lease?.releasing !== true && losesTraining(state);
}

/** Like `holdsTraining`, but also true once the machine is being released. Then files that were not downloaded are lost. */
export function losesTraining({ starting, artifacts, outcome, error }: LedgerState): boolean {
  if (starting === undefined || artifacts !== undefined || outcome !== undefined) return false;
  return error === undefined || !finalErrors.has(error.code);
}
