import type { GcReport } from "../../api/gc-report.ts";
import { guardianLock } from "../../lease/guardian-lock.ts";
import { isProven } from "../../lease/release.ts";
import { holdsTraining } from "../../run/holds-training.ts";
import { findLoss, type LockedRun, readAgain, takeRun } from "../../run/take-run.ts";
import type { ReleaseProof, Resource } from "../../spec/index.ts";
import type { Locks } from "../../state/lock.ts";
import { readLockState } from "../../state/lock-state.ts";
import { findCurrentLease, listUnreleased } from "../../state/run-leases.ts";
import { type FoundRun, readRun } from "../../state/run-list.ts";
import type { StateProblem } from "../../state/unreadable.ts";
import { type EndOptions, endOrphanedRun } from "./end-orphaned-run.ts";
import { listTrainings } from "./list-trainings.ts";
import { describeUnreadableRun } from "./unreadable-run.ts";

/** How long to wait for another process that is releasing the run. */
const releaseByOthersMs = 5 * 60_000;
const pollMs = 500;

export interface CollectRunOptions extends EndOptions {
  readonly home: string;
  readonly locks: Locks;
  /** Starts a guardian unless one is running. */
  readonly startGuardian: () => Promise<{ readonly pid: number } | { readonly missing: string }>;
}

/** Releases the machine of a run that no process drives, and reports what happened. Never rejects. */
export async function collectRun(options: CollectRunOptions, run: FoundRun): Promise<Partial<GcReport>> {
  try {
    return await releaseOrReport(options, run);
  } catch (error) {
    return { unconfirmed: reportUnconfirmed(run, getMessage(error)) };
  }
}

async function releaseOrReport(options: CollectRunOptions, found: FoundRun): Promise<Partial<GcReport>> {
  const locked = await takeWhenReleased(options, found);
  if (locked !== undefined && "problem" in locked)
    return { unreadable: reportUnreadable(found, locked.problem) };
  if (locked === undefined) return reportDriven(options, found);
  const { found: run, lock } = locked;
  const isReleased = listUnreleased(run).length === 0;
  if (options.dryRun === true || isReleased || isFinishable(options, run)) {
    await lock.release();
    if (options.dryRun === true) return reportPending(run);
    if (!isReleased) return handOver(options, run);
    return { runs: [found.id], released: listNewlyReleased(found, run) };
  }
  let reason = "the provider did not confirm the release";
  const proven: Resource[] = [];
  const driven = await endOrphanedRun(options, locked, proven).catch((error: unknown) => {
    reason = getMessage(error);
    return undefined;
  });
  const after = await readRun(run.folder.home, run.id);
  const lost = after === undefined ? undefined : findLoss(run, after);
  const { state } = (after ?? run).reading;
  return {
    ...(lost === undefined ? {} : { unreadable: reportUnreadable(found, lost) }),
    runs: [found.id],
    trainings: listTrainings(options, run, driven ?? { state, reason, lostBecause: reason }),
    released: listNewlyReleased(found, after ?? run),
    unconfirmed: reportUnconfirmed(after ?? run, driven?.reason ?? reason).map((resource) =>
      isProven({ proven }, resource.resource) ? { ...resource, isGone: true } : resource,
    ),
  };
}

function listNewlyReleased(before: FoundRun, after: FoundRun): readonly Resource[] {
  return listProofs(after)
    .slice(listProofs(before).length)
    .map(({ resource }) => resource);
}

function listProofs(run: FoundRun): readonly ReleaseProof[] {
  return run.leases.flatMap(({ state }) => state.proofs);
}

/** Takes the run's locks, or waits while another process releases it. Returns undefined if a live process drives the run. */
async function takeWhenReleased(
  options: CollectRunOptions,
  found: FoundRun,
): Promise<LockedRun | { readonly problem: StateProblem } | undefined> {
  const { clock, locks, signal, showStatus = () => {} } = options;
  const begin = clock.now();
  let isReported = false;
  while (true) {
    const locked = await takeRun(locks, found);
    if (locked !== undefined) return locked;
    const run = await readAgain(found);
    const waited =
      clock.now() - begin > releaseByOthersMs || signal?.aborted === true || options.dryRun === true;
    if (!isReleasing(run) || waited || listUnreleased(run).length === 0) return undefined;
    if (!isReported) showStatus(`${found.name}: waiting for another process that is releasing it`);
    isReported = true;
    await clock.wait(pollMs);
  }
}

function isReleasing(run: FoundRun): boolean {
  const { error, outcome } = run.reading.state;
  return findCurrentLease(run)?.state.releasing === true || error !== undefined || outcome !== undefined;
}

async function reportDriven({ home, locks }: CollectRunOptions, found: FoundRun): Promise<Partial<GcReport>> {
  const run = await readAgain(found);
  const { holder: pid = 0 } = await readLockState(locks, found.folder.lock);
  const { holder: guardian } = await readLockState(locks, guardianLock(home));
  const { id: runId, name } = found;
  const unreleased = listUnreleased(run);
  if (unreleased.length === 0) return { runs: [runId], released: listNewlyReleased(found, run) };
  return {
    driven: [{ runId, name, pid, guarded: pid === guardian, releasing: isReleasing(run), unreleased }],
  };
}

/** Whether, with `trainings: "finish"`, a guardian can continue the training. All other runs are released right away. */
function isFinishable({ trainings }: CollectRunOptions, run: FoundRun): boolean {
  const { plan, error, outcome } = run.reading.state;
  // A damaged ledger without its intent has no deadline, so such a run is not continued.
  if (plan === undefined) return false;
  const isLeased = findCurrentLease(run)?.state.isLeased === true;
  return trainings === "finish" && isLeased && error === undefined && outcome === undefined;
}

async function handOver(options: CollectRunOptions, found: FoundRun): Promise<Partial<GcReport>> {
  const guardian = await options.startGuardian();
  if ("missing" in guardian)
    return { unconfirmed: reportUnconfirmed(found, `no guardian can continue it: ${guardian.missing}`) };
  const { id: runId, name } = found;
  return { runs: [runId], trainings: [{ runId, name, model: "finishing", files: [] }] };
}

function reportPending(run: FoundRun): Partial<GcReport> {
  const { id: runId, name } = run;
  const isHeld = holdsTraining(run.reading.state, findCurrentLease(run)?.state);
  return {
    runs: [runId],
    trainings: isHeld ? [{ runId, name, model: "pending", files: [] }] : [],
    pending: (findCurrentLease(run)?.state.unreleased ?? []).map((resource) => ({ runId, resource })),
  };
}

function reportUnconfirmed(run: FoundRun, reason: string) {
  const unreleased = findCurrentLease(run)?.state.unreleased ?? [];
  return unreleased.map((resource) => ({ runId: run.id, resource, reason }));
}

/** Lists the run if it may cost more than its records show. */
export function reportUnreadable(found: FoundRun, problem?: StateProblem): GcReport["unreadable"] {
  const run = describeUnreadableRun(found, problem);
  return run === undefined ? [] : [run];
}

function getMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
