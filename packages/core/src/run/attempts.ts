import type { LedgerReader, Recorder } from "../journal/recorder.ts";
import { emit } from "../journal/reporter.ts";
import { type ActiveLease, planLease } from "../lease/active-lease.ts";
import { listAttempts, readRunLeases } from "../money/attempt-receipts.ts";
import { sumShares } from "../money/cost.ts";
import type { RecordedRun } from "../money/recorded-run.ts";
import type { Ports } from "../ports.ts";
import { calculateCostUsd, type ErrorReport, type Plan, UnitrainError } from "../spec/index.ts";
import { openHome } from "../state/home.ts";
import { createLeaseId, getLeaseFolder } from "../state/lease-folder.ts";
import { getLeaseStage } from "../state/lease-state.ts";
import { isBetweenAttempts } from "../state/ledger-state.ts";
import type { Lock } from "../state/lock.ts";
import { describeLockProblem } from "../state/lock-state.ts";
import { makeFolders } from "../state/make-folders.ts";
import { createUnreadableError } from "../state/unreadable.ts";
import type { LeasedMachine } from "./link/leased-machine.ts";
import type { RunSignals } from "./signals.ts";
import { type EndingRun, teardown } from "./steps/teardown.ts";

/** What it takes to begin an attempt on another machine. */
export type BeginningRun = LeasedMachine &
  Pick<Recorder, "ledger"> & {
    readonly home: string;
    readonly ports: Ports;
    readonly plan: Plan;
    /** Continues the run with another lease, whose lock this process has taken. */
    readonly useLease: (lease: ActiveLease, lock: Lock | undefined) => void;
  };

/** What it takes to end an attempt whose machine was lost, and to decide whether there is another one. */
export type RetryingRun = EndingRun & RecordedRun & Recorder & RunSignals & { readonly plan: Plan };

/**
 * Begins the next attempt if the last one has ended. Its lease is planned on disk before the run's ledger names it. Steps that a
 * crashed process has already done are not repeated.
 */
export async function beginAttempt(run: BeginningRun): Promise<void> {
  const { plan, ledger, home, ports, provider } = run;
  if (!isBetweenAttempts(ledger.state)) return;
  const number = ledger.state.attempt + 1;
  const { installation } = await openHome(home);
  const leaseId = createLeaseId(installation, plan.runId, number);
  if (run.lease.id !== leaseId) {
    const lock = await lockNewLease(run, leaseId);
    const { deadline, workingFolder = process.cwd() } = ledger.state;
    const holder = { runId: plan.runId, attempt: number };
    const planned = { leaseId, plan, provider, holder, deadline, workingFolder };
    run.useLease(await planLease(home, ports, planned), lock);
  }
  await ledger.append({ type: "attempt", number, leases: [leaseId] });
}

/**
 * Ends an attempt whose machine was lost while its job ran, if the plan allows another attempt. The lease is released first, so that
 * the run never pays for two machines. Returns whether the run continues.
 */
export async function endAttempt(run: RetryingRun, thrown: unknown): Promise<boolean> {
  const error = run.sanitizer.maskError(thrown).toJSON();
  if (!mayTryAgain(run, error) || !(await isWithinBudget(run))) return false;
  const next = run.ledger.state.attempt + 1;
  await teardown(run, { keepRemoteFiles: true });
  if (run.lease.ledger.state.unreleased.length > 0 || run.stopSignal.aborted) return false;
  try {
    await run.ledger.append({ type: "attempt-ended", error });
  } catch {
    // An attempt that cannot be recorded is not begun, and the run ends with the first error.
    return false;
  }
  await emit(run, {
    type: "warning",
    phase: "train",
    message: `${error.message} The machine was released, and the run starts again on another one (attempt ${next}).`,
  });
  await emit(run, { type: "attempt", number: next, reason: error.message });
  return true;
}

/** Throws if the machine of a running job is already released: a process released it and crashed before it recorded the attempt's end. */
export function refuseReleasedMachine({ ledger, lease }: LedgerReader & Pick<LeasedMachine, "lease">): void {
  const { started, jobEnd, artifacts } = ledger.state;
  if (!started || jobEnd !== undefined || artifacts !== undefined) return;
  if (getLeaseStage(lease.ledger.state) !== "released") return;
  throw new UnitrainError("MACHINE_GONE", "The machine was lost during the training and has been released.", {
    phase: "train",
    hint: "Start again.",
  });
}

/** Whether the run may try again. Only a lost machine is replaced, because any other failure would happen again. */
function mayTryAgain(run: RetryingRun, error: ErrorReport): boolean {
  const { plan, provider, ledger, clock, stopSignal, detachSignal, deadlineSignal, isCollected } = run;
  const { started, attempt, isStopping, deadline, error: first } = ledger.state;
  if (provider.ownership !== "rented" || error.code !== "MACHINE_GONE" || !started) return false;
  if (first !== undefined || isStopping || isCollected || attempt > (plan.retries ?? 0)) return false;
  if (deadline !== undefined && clock.now() >= Date.parse(deadline.stopAt)) return false;
  return ![stopSignal, detachSignal, deadlineSignal].some(({ aborted }) => aborted);
}

/** Whether the budget allows another launch, whose minimum charge and started billing interval are added to the money already spent. */
async function isWithinBudget(run: RetryingRun): Promise<boolean> {
  const { plan, ledger, clock } = run;
  const { deadline } = ledger.state;
  if (plan.budgetUsd === undefined || deadline === undefined) return true;
  const now = new Date(clock.now()).toISOString();
  const spentUsd = sumShares(listAttempts(run, await readRunLeases(run), now));
  const secondsLeft = (Date.parse(deadline.endsBy) - clock.now()) / 1000;
  return spentUsd + calculateCostUsd(secondsLeft, plan.quote) <= plan.budgetUsd;
}

/** Locks a new lease after the run's own lock. This reverses the usual order, but no process can wait for the lock of a lease that does not exist yet. */
async function lockNewLease(
  { home, ports, plan }: Pick<BeginningRun, "home" | "ports" | "plan">,
  leaseId: string,
) {
  const folder = getLeaseFolder(home, leaseId);
  await makeFolders(folder.path, 0o700);
  const lock = await ports.locks.take(folder.lock).catch((error) => {
    throw createUnreadableError(describeLockProblem(folder.lock, error));
  });
  if (lock !== undefined) return lock;
  throw new UnitrainError("RUN_BUSY", `Another process holds the next lease of ${plan.name}, ${leaseId}.`, {
    hint: "Release the run's resources, then start again.",
    action: { type: "release" },
  });
}
