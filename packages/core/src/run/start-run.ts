import { rm } from "node:fs/promises";
import type { Assembly } from "../adapters/assembly.ts";
import type { Run, StartOptions } from "../api.ts";
import { calculateDeadline } from "../money/limit.ts";
import { reserveOutput } from "../output/choose-output.ts";
import { endReservation } from "../output/reservation.ts";
import { verifyData } from "../plan/check-data.ts";
import { chooseMachine } from "../plan/choose-machine.ts";
import { withUsedName } from "../plan/plan-settings.ts";
import { type Plan, type Resource, type RunEventBody, selectExamples, UnitrainError } from "../spec/index.ts";
import { openHome } from "../state/home.ts";
import { type Ledger, openLedger } from "../state/ledger.ts";
import type { Lock } from "../state/lock.ts";
import { makeFolders } from "../state/make-folders.ts";
import { type RunFolder, runFolder } from "../state/run-folder.ts";
import { toCancelSignal } from "../time/cancelled.ts";
import { openRunFiles, startController } from "./controller.ts";

/** Where events go: kept until the run has a file for them. */
export interface Emitter {
  emit: (body: RunEventBody) => void;
  readonly early: readonly RunEventBody[];
}

/** Everything that can be known to fail fails here, before the intent is on disk; then the run goes its way. */
export async function startRun(
  assembly: Assembly,
  planned: Plan,
  options: StartOptions,
  emitter: Emitter,
): Promise<Run> {
  // A set may have a finding for each of a million rows: too much for a ledger that every look at the run reads.
  const kept = { ...planned, findings: selectExamples(planned.findings) };
  const signal = toCancelSignal(options.signal);
  signal?.throwIfAborted();
  registerSecrets(assembly, planned, options, emitter);
  const { provider, transport } =
    assembly.memory.get(planned) ?? (await chooseMachine(assembly, planned.request, signal));
  if (provider.name !== planned.provider.name || transport.name !== planned.transport.name)
    throw otherMachine(planned);
  const shipment = await verifyData({ plan: planned, assembly }, signal);
  const { installation } = await openHome(assembly.home);
  const leaseId = `${installation}-${planned.runId}-1`;
  const folder = runFolder(assembly.home, planned.runId);
  const { plan, lock, ledger } = await writeIntent(
    assembly,
    kept,
    folder,
    leaseId,
    provider.listPlannedResources(leaseId, planned.quote),
  );
  const events = await openRunFiles(assembly, plan, folder);
  emitter.emit = (body) => void events.emit(body);
  emitter.emit({ type: "planned", plan });
  if (plan.out !== planned.out) emitter.emit(otherOutput(planned, plan));
  const { deadline } = ledger.state;
  if (deadline !== undefined) emitter.emit({ type: "deadline", ...deadline });
  for (const body of emitter.early) emitter.emit(body);
  const secrets = options.secrets ?? {};
  const controllerOptions = {
    plan,
    leaseId,
    assembly,
    provider,
    transport,
    folder,
    ledger,
    lock,
    events,
    shipment,
    secrets,
  };
  return startController({ ...controllerOptions, resumed: false, signal: options.signal });
}

/** Reserves the output folder and writes down what will be asked for. Answers the plan with the folder that it got. */
async function writeIntent(
  assembly: Assembly,
  planned: Plan,
  folder: RunFolder,
  leaseId: string,
  intended: readonly Resource[],
): Promise<{ plan: Plan; lock: Lock; ledger: Ledger }> {
  const { home, ports } = assembly;
  await makeFolders(folder.path, 0o700);
  const lock = await ports.locks.take(folder.lock);
  if (lock === undefined) throw startedBefore(planned);
  let plan: Plan | undefined;
  try {
    const ledger = await openLedger(folder.ledger, ports);
    if (ledger.state.plan !== undefined) throw startedBefore(planned);
    plan = withUsedName(await reserveOutput(planned, { home, locks: ports.locks }));
    const recordedAt = new Date(ports.clock.now()).toISOString();
    const resources = intended.map((resource) => ({ ...resource, recordedAt }));
    const deadline =
      plan.limit === undefined ? {} : { deadline: calculateDeadline(Date.parse(recordedAt), plan.limit) };
    const workingFolder = process.cwd();
    await ledger.append({ type: "intent", plan, leaseId, resources, ...deadline, workingFolder });
    return { plan, lock, ledger };
  } catch (error) {
    if (plan !== undefined) await endReservation(plan.out, plan.runId).catch(() => {});
    await lock.release();
    // Nothing was written down: no run of that name shall be found.
    if (UnitrainError.isInstance(error) && error.code === "OUTPUT_UNUSABLE")
      await rm(folder.path, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

function otherOutput(planned: Plan, plan: Plan): RunEventBody {
  return {
    type: "warning",
    phase: "plan",
    message: `${planned.out} has been taken since it was planned. The results of this run go to ${plan.out}.`,
  };
}

function registerSecrets(assembly: Assembly, plan: Plan, options: StartOptions, emitter: Emitter): void {
  for (const [name, value] of Object.entries(options.secrets ?? {})) {
    const warning = assembly.sanitizer.register(value, name);
    if (warning !== undefined) emitter.emit({ type: "warning", phase: "plan", message: warning });
  }
  const missing = plan.secrets.filter((name) => options.secrets?.[name] === undefined);
  if (missing.length === 0) return;
  throw new UnitrainError("SECRET_MISSING", `No value was given for the secret ${missing.join(", ")}.`, {
    hint: "Give it to start() as secrets: { NAME: value }.",
  });
}

function otherMachine(plan: Plan): UnitrainError {
  return new UnitrainError(
    "INVALID_OPTIONS",
    `The plan is for ${plan.provider.name} through ${plan.transport.name}, and this is another instance.`,
    {
      hint: "Start it with createUnitrain() and the adapters it was planned with, or plan again.",
    },
  );
}

function startedBefore(plan: Plan): UnitrainError {
  return new UnitrainError("RUN_BUSY", `The plan of ${plan.name} was started before.`, {
    hint: "Plan again for another run, or attach to this one.",
  });
}
