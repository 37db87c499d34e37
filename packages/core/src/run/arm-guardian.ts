import { ensureGuardian } from "../lease/start-guardian.ts";
import { UnitrainError } from "../spec/index.ts";
import { type ActiveRun, emit } from "./active-run.ts";

/**
 * Starts a guardian before anything is rented, so that a process continues the run if this one is killed or its window is
 * closed.
 */
export async function armGuardian(run: ActiveRun): Promise<void> {
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
export async function assertGuarded(run: ActiveRun): Promise<void> {
  if (run.provider.ownership !== "rented" && run.ledger.state.deadline === undefined) return;
  const missing = await findGuardianProblem(run);
  if (missing === undefined || run.provider.ownership !== "rented") return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `Cannot detach from a rented machine without a guardian: ${missing}.`,
    { hint: "Keep this process running, or stop the run." },
  );
}

/** Returns why no other process can continue the run, or undefined if a guardian is running. */
export async function findGuardianProblem(run: ActiveRun): Promise<string | undefined> {
  const { assembly, provider, transport } = run;
  const adapter = [provider, transport, assembly.framework, ...assembly.plugins].find(
    ({ recipe }) => recipe === undefined,
  );
  if (adapter !== undefined) return `"${adapter.name}" has no recipe, so another process cannot create it`;
  const { home, ports, guardian: command } = assembly;
  const guardian = await ensureGuardian({ home, ...ports, command });
  return "missing" in guardian ? guardian.missing : undefined;
}
