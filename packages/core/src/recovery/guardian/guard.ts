import { guardianLock } from "../../lease/guardian-lock.ts";
import { listLoneLeases } from "../../lease/lone-leases.ts";
import { startController } from "../../run/controller.ts";
import { releaseRun } from "../../run/end-run.ts";
import type { TakenRun } from "../../run/take-over.ts";
import { type LockedRun, takeRun } from "../../run/take-run.ts";
import { createOutputSanitizer } from "../../sanitize/output-sanitizer.ts";
import { UnitrainError } from "../../spec/index.ts";
import { checkHome } from "../../state/check-home.ts";
import type { LedgerState } from "../../state/ledger-state.ts";
import type { Locks } from "../../state/lock.ts";
import { describeLockProblem } from "../../state/lock-state.ts";
import { type FoundRun, listRunFolders } from "../../state/run-list.ts";
import { createUnreadableError } from "../../state/unreadable.ts";
import type { Clock } from "../../time/clock.ts";
import type { LoneLeaseOptions } from "../gc/collect-lone-leases.ts";
import { type GuardTarget, listLeaseTargets } from "./guard-leases.ts";
import { type KeptSecrets, keepSecrets } from "./kept-secrets.ts";
import { needsGuard } from "./needs-guard.ts";
import { type OverdueWatch, watchOverdue } from "./overdue.ts";
import { keepProblems, type Problems } from "./problems.ts";
import { surviveErrors } from "./survive-errors.ts";

const pollMs = 2_000;
const defaultIdleMs = 10_000;
/** How long to wait before a failed release or takeover is retried. */
const tryAgainMs = 60_000;
/** How long the guardian stays when it cannot list the runs. The next command starts another guardian. */
const unreadablePatienceMs = 60 * 60_000;

export interface GuardianOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly kill: (pid: number) => void;
  readonly wake: (pid: number) => void;
  readonly takeOver: (locked: LockedRun) => Promise<TakenRun>;
  readonly releaseLease: LoneLeaseOptions["releaseLease"];
  readonly signal?: AbortSignal | undefined;
  /** How long the guardian waits for another run before it exits. */
  readonly idleMs?: number | undefined;
  readonly showStatus?: ((message: string) => void) | undefined;
  readonly ownProcess?: boolean | undefined;
}

/**
 * Drives all runs of one state folder without a screen. Every run that costs money or has a limit, and has no live controller, is
 * driven to its receipt. A lease that no run is responsible for is released; a kept machine is released when its time is over. The
 * guardian exits when nothing remains to guard. A problem with one run is reported once and does not affect the others.
 */
export async function guard(guardianOptions: GuardianOptions): Promise<void> {
  const { home, clock, locks, signal, idleMs = defaultIdleMs } = guardianOptions;
  await checkHome(home);
  const lock = await locks.take(guardianLock(home)).catch((error) => {
    throw createUnreadableError(describeLockProblem(guardianLock(home), error));
  });
  if (lock === undefined) return;
  // What is thrown beside the runs passes none of their sanitizers.
  const sanitizer = createOutputSanitizer();
  const showStatus = (message: string) => guardianOptions.showStatus?.(sanitizer.maskMessage(message));
  const options = { ...guardianOptions, showStatus };
  if (options.ownProcess) surviveErrors(showStatus);
  const problems = keepProblems(home, showStatus, sanitizer.maskMessage);
  const watch = watchOverdue(options);
  const secrets = keepSecrets(home, sanitizer);
  const driven = new Map<string, Promise<void>>();
  const notBefore = new Map<string, number>();
  try {
    let neededAt = clock.now();
    while (!signal?.aborted) {
      const targets = await listGuardTargets(options, { problems, watch, secrets });
      for (const { id, name, startDriving } of targets ?? []) {
        if (driven.has(id) || (notBefore.get(id) ?? 0) > clock.now()) continue;
        const delayRetry = () => notBefore.set(id, clock.now() + tryAgainMs);
        const taken = await startDriving().catch((error) => {
          problems.report({ id, name }, getMessage(error));
          delayRetry();
          return undefined;
        });
        if (taken === undefined) continue;
        const ended = taken.driving.finally(() => {
          driven.delete(id);
          delayRetry();
        });
        driven.set(id, ended);
      }
      if ((targets ?? []).length > 0 || driven.size > 0) neededAt = clock.now();
      else if (clock.now() - neededAt >= (targets === undefined ? unreadablePatienceMs : idleMs)) return;
      await clock.wait(pollMs, signal).catch(() => {});
    }
  } finally {
    await secrets.close();
    // When the guardian is told to exit, the jobs continue and the next guardian takes over their runs.
    await lock.release();
  }
}

interface Watching {
  readonly problems: Problems;
  readonly watch: OverdueWatch;
  readonly secrets: KeptSecrets;
}

/** Lists the runs and leases that must be guarded. Returns undefined if they cannot be read. */
async function listGuardTargets(
  options: GuardianOptions,
  watching: Watching,
): Promise<readonly GuardTarget[] | undefined> {
  const { problems, secrets } = watching;
  const list = { id: "", name: "the list of runs" };
  try {
    const runs = await secrets.update(() => listRunFolders(options.home));
    const lone = await listLoneLeases(options.home, runs);
    problems.clear(list);
    for (const { reading, ...found } of [...runs, ...lone.map((lease) => ({ ...lease, name: lease.id }))]) {
      const { problem } = reading;
      if (problem !== undefined) problems.showStatus(found, `${problem.file}: ${problem.message}`);
    }
    return [
      ...runs.filter(needsGuard).map((found) => ({
        id: found.id,
        name: found.name,
        startDriving: () => startDriving(options, found, watching),
      })),
      ...listLeaseTargets(options, lone, problems),
    ];
  } catch (error) {
    problems.report(list, getMessage(error));
    return undefined;
  }
}

/** Takes over the run and starts to drive it. Returns undefined while another process drives it. */
async function startDriving(
  options: GuardianOptions,
  wanted: FoundRun,
  { problems, watch, secrets }: Watching,
): Promise<{ readonly driving: Promise<void> } | undefined> {
  const { locks, showStatus = () => {} } = options;
  const locked = await takeRun(locks, wanted);
  if (locked === undefined) {
    problems.clear(wanted);
    await watch(wanted);
    return undefined;
  }
  if ("problem" in locked) throw createUnreadableError(locked.problem);
  const { found, lock } = locked;
  // The process that held the lock before may have finished the run.
  if (!needsGuard(found)) {
    await lock.release();
    return undefined;
  }
  const { state } = found.reading;
  const drive = async () => {
    try {
      const { blockedBy, ...takenRun } = await options.takeOver(locked);
      const releases = state.outcome !== undefined || (blockedBy !== undefined && isOverdue(options, state));
      if (blockedBy !== undefined && !releases) {
        await takenRun.events.close();
        throw blockedBy;
      }
      secrets.serve(found.id, takenRun.secrets);
      if (!problems.has(found)) showStatus(`${found.name}: continuing the run`);
      const run = startController(takenRun, releases ? { driveRun: releaseRun } : {});
      const { outcome } = await run.result;
      problems.clear(found);
      showStatus(`${found.name}: ${outcome}`);
    } catch (error) {
      problems.report(found, getMessage(error));
    } finally {
      secrets.leave(found.id);
      await lock.release();
    }
  };
  return { driving: drive() };
}

function getMessage(error: unknown): string {
  if (!UnitrainError.isInstance(error)) return error instanceof Error ? error.message : String(error);
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}

function isOverdue({ clock }: GuardianOptions, { deadline }: LedgerState): boolean {
  return deadline !== undefined && clock.now() >= Date.parse(deadline.endsBy);
}
