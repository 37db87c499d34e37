import { startController } from "../../run/controller.ts";
import { releaseRun } from "../../run/end-run.ts";
import type { TakenRun } from "../../run/take-over.ts";
import { type LockedRun, takeRun } from "../../run/take-run.ts";
import { UnitrainError } from "../../spec/index.ts";
import { checkHome } from "../../state/check-home.ts";
import type { LedgerState } from "../../state/ledger-state.ts";
import type { Locks } from "../../state/lock.ts";
import { describeLockProblem } from "../../state/lock-state.ts";
import { type FoundRun, listRunFolders } from "../../state/run-list.ts";
import { createUnreadableError } from "../../state/unreadable.ts";
import type { Clock } from "../../time/clock.ts";
import type { LoneLeaseOptions } from "../gc/gc-leases.ts";
import { listLoneLeases } from "../gc/lone-leases.ts";
import { listNeedingLeases, type Needing } from "./guard-leases.ts";
import { guardianLock } from "./guardian-lock.ts";
import { needsGuard } from "./needs-guard.ts";
import { type OverdueWatch, watchOverdue } from "./overdue.ts";
import { keepProblems, type Problems } from "./problems.ts";
import { surviveErrors } from "./survive-errors.ts";

const pollMs = 2_000;
const defaultIdleMs = 10_000;
/** What could not be released, or made again, is tried anew after this time. */
const tryAgainMs = 60_000;
/** How long it stays although it cannot read which runs there are: the next command starts another guardian. */
const unreadablePatienceMs = 60 * 60_000;

export interface GuardianOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly kill: (pid: number) => void;
  readonly wake: (pid: number) => void;
  readonly take: (locked: LockedRun) => Promise<TakenRun>;
  readonly releaseLease: LoneLeaseOptions["releaseLease"];
  readonly signal?: AbortSignal | undefined;
  /** How long it waits for another run before it ends. */
  readonly idleMs?: number | undefined;
  readonly showStatus?: ((message: string) => void) | undefined;
  readonly ownProcess?: boolean | undefined;
}

/**
 * A controller without a screen, for all runs of one state folder: whichever costs money or has a limit, and has no living
 * controller, is driven on to its receipt. A lease that no run answers for is released, a kept one at the end of its time. Ends
 * when there is nothing left. What goes wrong with one of them is reported once, and the others are guarded on.
 */
export async function guard(options: GuardianOptions): Promise<void> {
  const { home, clock, locks, signal, idleMs = defaultIdleMs } = options;
  await checkHome(home);
  const lock = await locks.take(guardianLock(home)).catch((error) => {
    throw createUnreadableError(describeLockProblem(guardianLock(home), error));
  });
  if (lock === undefined) return;
  const { showStatus = () => {} } = options;
  if (options.ownProcess) surviveErrors(showStatus);
  const problems = keepProblems(home, showStatus);
  const watch = watchOverdue({ ...options, showStatus });
  const driven = new Map<string, Promise<void>>();
  const notBefore = new Map<string, number>();
  try {
    let neededAt = clock.now();
    while (!signal?.aborted) {
      const needing = await listNeeding(options, { problems, watch });
      for (const { id, name, takeUp } of needing ?? []) {
        if (driven.has(id) || (notBefore.get(id) ?? 0) > clock.now()) continue;
        const later = () => notBefore.set(id, clock.now() + tryAgainMs);
        const taken = await takeUp().catch((error) => {
          problems.report({ id, name }, getMessage(error));
          later();
          return undefined;
        });
        if (taken === undefined) continue;
        const ended = taken.driving.finally(() => {
          driven.delete(id);
          later();
        });
        driven.set(id, ended);
      }
      if ((needing ?? []).length > 0 || driven.size > 0) neededAt = clock.now();
      else if (clock.now() - neededAt >= (needing === undefined ? unreadablePatienceMs : idleMs)) return;
      await clock.wait(pollMs, signal).catch(() => {});
    }
  } finally {
    // Told to end, it lets what it drives go: the jobs run on, and the next guardian takes them up.
    await lock.release();
  }
}

interface Watching {
  readonly problems: Problems;
  readonly watch: OverdueWatch;
}

/** Undefined when it cannot be told. */
async function listNeeding(
  options: GuardianOptions,
  watching: Watching,
): Promise<readonly Needing[] | undefined> {
  const { problems } = watching;
  const list = { id: "", name: "the list of runs" };
  try {
    const runs = await listRunFolders(options.home);
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
        takeUp: () => takeUp(options, found, watching),
      })),
      ...listNeedingLeases(options, lone, problems),
    ];
  } catch (error) {
    problems.report(list, getMessage(error));
    return undefined;
  }
}

/** Undefined while somebody else drives it. */
async function takeUp(
  options: GuardianOptions,
  wanted: FoundRun,
  { problems, watch }: Watching,
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
  // Whoever held the lock a moment ago may have finished meanwhile.
  if (!needsGuard(found)) {
    await lock.release();
    return undefined;
  }
  const { state } = found.reading;
  const drive = async () => {
    try {
      const { hindrance, ...takenRun } = await options.take(locked);
      const releases = state.outcome !== undefined || (hindrance !== undefined && isOverdue(options, state));
      if (hindrance !== undefined && !releases) {
        await takenRun.events.close();
        throw hindrance;
      }
      if (!problems.has(found)) showStatus(`${found.name}: going on with it`);
      const run = startController(takenRun, releases ? { driveRun: releaseRun } : {});
      const { outcome } = await run.result;
      problems.clear(found);
      showStatus(`${found.name}: ${outcome}`);
    } catch (error) {
      problems.report(found, getMessage(error));
    } finally {
      await lock.release();
    }
  };
  return { driving: drive() };
}

export function getMessage(error: unknown): string {
  if (!UnitrainError.isInstance(error)) return error instanceof Error ? error.message : String(error);
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}

function isOverdue({ clock }: GuardianOptions, { deadline }: LedgerState): boolean {
  return deadline !== undefined && clock.now() >= Date.parse(deadline.endsBy);
}
