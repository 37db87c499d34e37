import type { ErrorCode } from "../spec/index.ts";
import type { LeaseState } from "../state/lease-state.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/** With one of these nothing more is downloaded: it was not wanted, its time was over, or there was nothing. */
const decided: ReadonlySet<ErrorCode> = new Set([
  "CANCELLED",
  "TIMED_OUT",
  "MACHINE_GONE",
  "ARTIFACT_NOT_FOUND",
  "ARTIFACT_DAMAGED",
]);

/** Whether the machine of a run that nobody drives may hold a training, or a model that is not on this computer. */
export function holdsTraining(state: LedgerState, lease: LeaseState | undefined): boolean {
  return lease?.releasing !== true && losesTraining(state);
}

/** The same, also once its machine is being released: then what was not downloaded is lost. */
export function losesTraining({ starting, artifacts, outcome, error }: LedgerState): boolean {
  if (starting === undefined || artifacts !== undefined || outcome !== undefined) return false;
  return error === undefined || !decided.has(error.code);
}
