import { rm } from "node:fs/promises";
import { registerAdapterSecrets } from "../adapters/assemble.ts";
import type { Assembly } from "../adapters/assembly.ts";
import { protectAdapter } from "../adapters/protect.ts";
import type { Run } from "../api/run.ts";
import type { StartOptions } from "../api.ts";
import { type ActiveLease, planLease, takeLease } from "../lease/active-lease.ts";
import { createTakenError } from "../lease/availability.ts";
import { calculateDeadline } from "../money/limit.ts";
import { reserveOutput } from "../output/choose-output.ts";
import { endReservation } from "../output/reservation.ts";
import { verifyData } from "../plan/check-data.ts";
import { chooseMachine } from "../plan/choose-machine.ts";
import { withUsedName } from "../plan/plan-settings.ts";
import { createRunSecrets, type RunSecrets } from "../secrets/run-secrets.ts";
import { type Plan, type Provider, type RunEventBody, selectExamples, UnitrainError } from "../spec/index.ts";
import { openHome } from "../state/home.ts";
import { createLeaseId, getLeaseFolder } from "../state/lease-folder.ts";
import { openLedger, type RunLedger } from "../state/ledger.ts";
import { type LockSet, takeLocks } from "../state/lock-set.ts";
import { makeFolders } from "../state/make-folders.ts";
import { readLedger } from "../state/read-ledger.ts";
import { type RunFolder, runFolder } from "../state/run-folder.ts";
import { createUnreadableError } from "../state/unreadable.ts";
import { toCancelSignal } from "../time/cancelled.ts";
import { startController } from "./controller.ts";
import { openRunFiles } from "./open-run-files.ts";

/** Receives events. They are kept in memory until the run has a file for them. */
export interface Emitter {
  emit: (body: RunEventBody) => void;
  readonly early: readonly RunEventBody[];
}

/** Starts a run. Everything that can be checked is checked before the intent is on disk; then a controller drives the run. */
export async function startRun(
  assembly: Assembly,
  planned: Plan,
  options: StartOptions,
  emitter: Emitter,
): Promise<Run> {
  // A dataset may have a finding for each of a million rows, which is too much for a ledger that is read for every listing.
  const kept = { ...planned, findings: selectExamples(planned.findings) };
  const signal = toCancelSignal(options.signal);
  signal?.throwIfAborted();
  const secrets = registerSecrets(assembly, planned, options, emitter);
  const chosen = assembly.memory.get(planned) ?? (await chooseMachine(assembly, planned.request, signal));
  const [provider, transport] = [protectAdapter(chosen.provider), protectAdapter(chosen.transport)];
  registerAdapterSecrets(assembly.sanitizer, [provider, transport]);
  if (provider.name !== planned.provider.name || transport.name !== planned.transport.name)
    throw createOtherAdaptersError(planned);
  const shipment = await verifyData({ plan: planned, assembly }, signal);
  const { installation } = await openHome(assembly.home);
  const leaseId = planned.leaseId ?? createLeaseId(installation, planned.runId, 1);
  const folder = runFolder(assembly.home, planned.runId);
  const { plan, lease, ledger, lock } = await writeIntent(assembly, kept, { folder, leaseId, provider });
  const events = await openRunFiles(assembly, plan, folder);
  emitter.emit = (body) => void events.emit(body);
  emitter.emit({ type: "planned", plan });
  if (plan.out !== planned.out) emitter.emit(createOutputMovedWarning(planned, plan));
  const { deadline } = ledger.state;
  if (deadline !== undefined) emitter.emit({ type: "deadline", ...deadline });
  const since = lease.ledger.state.holdings.at(-1)?.from;
  if (planned.leaseId !== undefined && since !== undefined)
    emitter.emit({ type: "billing", state: "started", since });
  for (const body of emitter.early) emitter.emit(body);
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
 * Reserves the output folder and records what will be requested, first in the lease's ledger and then in the run's ledger.
 * Returns the plan with the folder that was reserved.
 */
async function writeIntent(
  assembly: Assembly,
  planned: Plan,
  { folder, leaseId, provider }: { folder: RunFolder; leaseId: string; provider: Provider },
): Promise<{ plan: Plan; lease: ActiveLease; ledger: RunLedger; lock: LockSet }> {
  const { home, ports } = assembly;
  const files = getLeaseFolder(home, leaseId);
  await makeFolders(files.path, 0o700);
  await makeFolders(folder.path, 0o700);
  const lock = await takeLocks(ports.locks, [files.lock, folder.lock]);
  if (lock === undefined)
    throw planned.leaseId === undefined ? createAlreadyStartedError(planned) : createTakenError(leaseId);
  if ("problem" in lock) throw createUnreadableError(lock.problem);
  let plan: Plan | undefined;
  let lease: ActiveLease | undefined;
  try {
    const { run: ledger } = await openLedger(folder.ledger, ports);
    if (ledger.state.plan !== undefined) throw createAlreadyStartedError(planned);
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
    // If the intent did reach the disk, the run names the lease, so the lease is kept.
    if (lease !== undefined && (await readLedger(folder.ledger)).entries === 0) await undoLease(lease);
    await lock.release();
    // Nothing was recorded, so the run's folder is removed and the run cannot be found.
    if (UnitrainError.isInstance(error) && error.code === "OUTPUT_UNUSABLE")
      await rm(folder.path, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** Removes a new lease, for which nothing was requested yet, or marks a kept machine as available again. */
async function undoLease({ isNew, folder, ledger, keepUntil }: ActiveLease): Promise<void> {
  if (isNew) await rm(folder.path, { recursive: true, force: true }).catch(() => {});
  else if (keepUntil !== undefined) await ledger.note({ type: "idle", keepUntil });
}

function createOutputMovedWarning(planned: Plan, plan: Plan): RunEventBody {
  return {
    type: "warning",
    phase: "plan",
    message: `${planned.out} is in use since the run was planned. The results of this run go to ${plan.out}.`,
  };
}

function registerSecrets(
  assembly: Assembly,
  plan: Plan,
  options: StartOptions,
  emitter: Emitter,
): RunSecrets {
  const secrets = createRunSecrets(assembly.sanitizer, []);
  for (const message of secrets.add(options.secrets ?? {}))
    emitter.emit({ type: "warning", phase: "plan", message });
  const missing = plan.secrets.filter((name) => !options.secrets?.[name]);
  if (missing.length === 0) return secrets;
  throw new UnitrainError("SECRET_MISSING", `The secret ${missing.join(", ")} has no value.`, {
    hint: "Pass it to start() as secrets: { NAME: value }.",
  });
}

function createOtherAdaptersError(plan: Plan): UnitrainError {
  return new UnitrainError(
    "INVALID_OPTIONS",
    `The plan is for ${plan.provider.name} with ${plan.transport.name}, but this Unitrain object uses other adapters.`,
    {
      hint: "Start it with the adapters it was planned with, or plan again.",
    },
  );
}

function createAlreadyStartedError(plan: Plan): UnitrainError {
  return new UnitrainError("RUN_BUSY", `The plan of ${plan.name} was already started.`, {
    hint: "Attach to that run, or plan again for a new one.",
  });
}
