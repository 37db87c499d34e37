import { UnitrainError } from "../spec/index.ts";
import { getLeaseStage, type LeaseState } from "../state/lease-state.ts";

/** Whether a machine is kept and its time is not over. After that time the guardian may release it at any moment. */
export function isAvailable(lease: LeaseState, nowMs: number): boolean {
  const { keepUntil, unreleased } = lease;
  if (getLeaseStage(lease) !== "idle" || keepUntil === undefined || unreleased.length === 0) return false;
  return nowMs < Date.parse(keepUntil);
}

export function createTakenError(leaseId: string): UnitrainError {
  return new UnitrainError("NOT_AVAILABLE", `The machine of lease ${leaseId} is no longer kept.`, {
    hint: "Plan again with another machine.",
    phase: "plan",
    retryable: true,
  });
}
