import { emit, type Reporter } from "../journal/reporter.ts";
import { findGuardianProblem, type GuardedRun } from "../lease/guardian-problem.ts";
import { UnitrainError } from "../spec/index.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/**
 * Starts a guardian before anything is rented, so that a process continues the run if this one is killed or its window is
 * closed.
 */
export async function armGuardian(run: GuardedRun & Reporter): Promise<void> {
  if (run.provider.ownership !== "rented") return;
  const missing = await findGuardianProblem(run);
  if (missing === undefined) {
    await emit(run, {
      type: "guardian",
      state: "armed",
      detail: "it continues the run if this process ends",
    });
    return;
  }
  await emit(run, { type: "guardian", state: "missing", detail: missing });
  await emit(run, {
    type: "warning",
    phase: "lease",
    message: `No guardian would continue this run if this process were killed: ${missing}.`,
    hint: "Keep this process running. If it crashes, release the machine.",
    action: { type: "release" },
  });
}

/** Throws `NOT_AVAILABLE` when this process is about to detach from a rented machine that no guardian watches. */
export async function assertGuarded(
  run: GuardedRun & { readonly ledger: { readonly state: LedgerState } },
): Promise<void> {
  if (run.provider.ownership !== "rented" && run.ledger.state.deadline === undefined) return;
  const missing = await findGuardianProblem(run);
  if (missing === undefined || run.provider.ownership !== "rented") return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `Cannot detach from a rented machine without a guardian: ${missing}.`,
    { hint: "Keep this process running, or stop the run." },
  );
}
