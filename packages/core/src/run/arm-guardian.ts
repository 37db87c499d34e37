import { emit, type Reporter } from "../journal/reporter.ts";
import { findGuardianProblem, type GuardedRun } from "../lease/guardian-problem.ts";
import { tellGuardian } from "../secrets/ask-guardian.ts";
import type { RunSecrets } from "../secrets/run-secrets.ts";
import { type Plan, UnitrainError } from "../spec/index.ts";
import type { LedgerState } from "../state/ledger-state.ts";

/** What it takes to pass the values of a run's secrets to the guardian. */
interface SecretHolder extends Reporter {
  readonly home: string;
  readonly plan: Pick<Plan, "runId" | "name">;
  readonly secrets: RunSecrets;
}

/**
 * Starts a guardian before anything is rented, so that a process continues the run if this one is killed or its window is
 * closed.
 */
export async function armGuardian(run: GuardedRun & SecretHolder): Promise<void> {
  if (run.provider.ownership !== "rented") return;
  const missing = await findGuardianProblem(run);
  if (missing === undefined) {
    await emit(run, {
      type: "guardian",
      state: "armed",
      detail: "it continues the run if this process ends",
    });
    await passSecrets(run);
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
  run: GuardedRun & SecretHolder & { readonly ledger: { readonly state: LedgerState } },
): Promise<void> {
  if (run.provider.ownership !== "rented" && run.ledger.state.deadline === undefined) return;
  const missing = await findGuardianProblem(run);
  if (missing === undefined) await passSecrets(run);
  if (missing === undefined || run.provider.ownership !== "rented") return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `Cannot detach from a rented machine without a guardian: ${missing}.`,
    { hint: "Keep this process running, or stop the run." },
  );
}

/** Passes the values of the run's secrets to the guardian, so that it can mask them and start the training. Warns if it cannot take them. */
async function passSecrets(run: SecretHolder): Promise<void> {
  const { home, plan, secrets } = run;
  const names = Object.keys(secrets.values).join(", ");
  let isTaken = true;
  // One after the other, because the guardian keeps them in this order. A guardian that drives the run tells itself.
  for (const values of [...secrets.sources])
    isTaken = isTaken && (await tellGuardian(home, plan.runId, values));
  if (isTaken) return;
  await emit(run, {
    type: "warning",
    phase: "start",
    message: `The guardian could not take the value of ${names}. If this process ends, the output of the training is withheld, and a training that has not started fails.`,
    hint: `Set ${names} when you attach.`,
    action: { type: "attach", run: plan.name },
  });
}
