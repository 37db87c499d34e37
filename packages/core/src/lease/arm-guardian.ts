import { type ActiveRun, emit } from "../run/active-run.ts";
import { UnitrainError } from "../spec/index.ts";
import { ensureGuardian } from "./guardian/start-guardian.ts";

/** Before anything is paid: somebody must go on with the run, should this process be killed or its window be closed. */
export async function armGuardian(run: ActiveRun): Promise<void> {
  if (run.provider.ownership !== "rented") return;
  const missing = await whyNoGuardian(run);
  if (missing === undefined) {
    await emit(run, { type: "guardian", state: "armed", detail: "it goes on should this process end" });
    return;
  }
  await emit(run, { type: "guardian", state: "missing", detail: missing });
  await emit(run, {
    type: "warning",
    phase: "lease",
    message: `Nothing goes on with this run should this process be killed: ${missing}.`,
    hint: "Keep it running. After a crash, release the machine.",
    action: { type: "release" },
  });
}

/** Nobody leaves a machine that costs to itself. */
export async function refuseUnguarded(run: ActiveRun): Promise<void> {
  if (run.provider.ownership !== "rented" && run.ledger.state.deadline === undefined) return;
  const missing = await whyNoGuardian(run);
  if (missing === undefined || run.provider.ownership !== "rented") return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `A rented machine is not left alone, and there is no guardian: ${missing}.`,
    { hint: "Keep this process running, or stop the run." },
  );
}

/** Why no other process can go on with the run; undefined while a guardian lives. */
export async function whyNoGuardian(run: ActiveRun): Promise<string | undefined> {
  const { assembly, provider, transport } = run;
  const silent = [provider, transport, assembly.framework, ...assembly.plugins].find(
    ({ recipe }) => recipe === undefined,
  );
  if (silent !== undefined) return `"${silent.name}" does not say how another process makes it again`;
  const { home, ports, guardian: command } = assembly;
  const guardian = await ensureGuardian({ home, ...ports, command });
  return "missing" in guardian ? guardian.missing : undefined;
}
