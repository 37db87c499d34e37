import { rm } from "node:fs/promises";
import type { Assembly } from "../adapters/assembly.ts";
import type { Run, StartOptions } from "../api.ts";
import { type ActiveLease, planLease, takeLease } from "../lease/active-lease.ts";
import { createTakenError } from "../lease/availability.ts";
import { calculateDeadline } from "../money/limit.ts";
import { reserveOutput } from "../output/choose-output.ts";
import { endReservation } from "../output/reservation.ts";
import { verifyData } from "../plan/check-data.ts";
import { chooseMachine } from "../plan/choose-machine.ts";
import { withUsedName } from "../plan/plan-settings.ts";
import { type Plan, type Provider, type RunEventBody, selectExamples, UnitrainError } from "../spec/index.ts";
import { openHome } from "../state/home.ts";
import { createLeaseId, leaseFolder } from "../state/lease-folder.ts";
import { openLedger, type RunLedger } from "../state/ledger.ts";
import { type LockSet, takeLocks } from "../state/lock-set.ts";
import { makeFolders } from "../state/make-folders.ts";
import { readLedger } from "../state/read-ledger.ts";
import { type RunFolder, runFolder } from "../state/run-folder.ts";
import { createUnreadableError } from "../state/unreadable.ts";
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
  const leaseId = planned.leaseId ?? createLeaseId(installation, planned.runId, 1);
  const folder = runFolder(assembly.home, planned.runId);
  const { plan, lease, ledger, lock } = await writeIntent(assembly, kept, { folder, leaseId, provider });
  const events = await openRunFiles(assembly, plan, folder);
  emitter.emit = (body) => void events.emit(body);
  emitter.emit({ type: "planned", plan });
  if (plan.out !== planned.out) emitter.emit(otherOutput(planned, plan));
  const { deadline } = ledger.state;
  if (deadline !== undefined) emitter.emit({ type: "deadline", ...deadline });
  const since = lease.ledger.state.holdings.at(-1)?.from;
  if (planned.leaseId !== undefined && since !== undefined)
    emitter.emit({ type: "billing", state: "started", since });
  for (const body of emitter.early) emitter.emit(body);
  const secrets = options.secrets ?? {};
  const controllerOptions = {
    plan,
    lease,
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

/**
 * Reserves the output folder and writes down what will be requested: first in the ledger of the lease, then in that of the run.
 * Returns the plan with the folder that it got.
 */
async function writeIntent(
  assembly: Assembly,
  planned: Plan,
  { folder, leaseId, provider }: { folder: RunFolder; leaseId: string; provider: Provider },
): Promise<{ plan: Plan; lease: ActiveLease; ledger: RunLedger; lock: LockSet }> {
  const { home, ports } = assembly;
  const files = leaseFolder(home, leaseId);
  await makeFolders(files.path, 0o700);
  await makeFolders(folder.path, 0o700);
  const lock = await takeLocks(ports.locks, [files.lock, folder.lock]);
  if (lock === undefined)
    throw planned.leaseId === undefined ? startedBefore(planned) : createTakenError(leaseId);
  if ("problem" in lock) throw createUnreadableError(lock.problem);
  let plan: Plan | undefined;
  let lease: ActiveLease | undefined;
  try {
    const { run: ledger } = await openLedger(folder.ledger, ports);
    if (ledger.state.plan !== undefined) throw startedBefore(planned);
    plan = withUsedName(await reserveOutput(planned, { home, locks: ports.locks }));
    const deadline = plan.limit === undefined ? undefined : calculateDeadline(ports.clock.now(), plan.limit);
    const workingFolder = process.cwd();
    const holder = { runId: plan.runId, attempt: 1 };
    const wanted = { leaseId, plan, provider, holder, deadline, workingFolder };
    lease = await (plan.leaseId === undefined ? planLease : takeLease)(home, ports, wanted);
    await ledger.append({
      type: "intent",
      plan,
      leases: [leaseId],
      ...(deadline === undefined ? {} : { deadline }),
      workingFolder,
    });
    return { plan, lease, ledger, lock };
  } catch (error) {
    if (plan !== undefined) await endReservation(plan.out, plan.runId).catch(() => {});
    // Where the intent did get onto the disk, the run names the lease, and it stays.
    if (lease !== undefined && (await readLedger(folder.ledger)).entries === 0) await undoLease(lease);
    await lock.release();
    // Nothing was written down: no run of that name shall be found.
    if (UnitrainError.isInstance(error) && error.code === "OUTPUT_UNUSABLE")
      await rm(folder.path, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** Nothing was requested for it, or it goes back to where it was taken from. */
async function undoLease({ isNew, folder, ledger, keepUntil }: ActiveLease): Promise<void> {
  if (isNew) await rm(folder.path, { recursive: true, force: true }).catch(() => {});
  else if (keepUntil !== undefined) await ledger.note({ type: "idle", keepUntil });
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
