import type { GcOptions, GcReport } from "../../api/gc-report.ts";
import { guardianLock } from "../../lease/guardian-lock.ts";
import { isProven } from "../../lease/release.ts";
import { startController } from "../../run/controller.ts";
import { endRun, releaseRun } from "../../run/end-run.ts";
import { holdsTraining } from "../../run/holds-training.ts";
import type { TakenRun } from "../../run/take-over.ts";
import { findLoss, type LockedRun, readAgain, takeRun } from "../../run/take-run.ts";
import { formatMinutes, type ReleaseProof, type Resource, UnitrainError } from "../../spec/index.ts";
import type { Locks } from "../../state/lock.ts";
import { readLockState } from "../../state/lock-state.ts";
import { findCurrentLease, listUnreleased } from "../../state/run-leases.ts";
import { type FoundRun, listRunFolders, readRun } from "../../state/run-list.ts";
import { mustNotBeActedOn, type StateProblem } from "../../state/unreadable.ts";
import type { Clock } from "../../time/clock.ts";
import { settleWithin } from "../../time/settle-within.ts";
import { collectLoneLeases, type LoneLeaseOptions } from "./gc-leases.ts";
import { type Driven, listTrainings } from "./gc-trainings.ts";
import { showTeardown } from "./show-teardown.ts";
import { describeUnreadableRun } from "./unreadable-run.ts";

/** Enough to download the results of a training. A hanging download must not keep a rented machine for longer. */
const defaultDownloadWithinMs = 10 * 60_000;
/** How long to wait for another process that is releasing the run. */
const releaseByOthersMs = 5 * 60_000;
const pollMs = 500;
/** How long to wait for the last status messages. An events file may be on a hanging disk. */
const statusDrainMs = 1_000;

export interface CollectOptions extends GcOptions, LoneLeaseOptions {
  readonly home: string;
  readonly locks: Locks;
  readonly clock: Clock;
  /** Takes over a run to release it. Releases the run's locks if that fails. */
  readonly take: (locked: LockedRun) => Promise<TakenRun>;
  /** Starts a guardian unless one is running. */
  readonly startGuardian: () => Promise<{ readonly pid: number } | { readonly missing: string }>;
}

/**
 * Releases the resources of runs that have no live controller. It uses only the ids and names in each run's ledger. All runs are
 * released in parallel, so that one that hangs does not delay the others.
 */
export async function collect(options: CollectOptions): Promise<GcReport> {
  const found = await listRunFolders(options.home);
  const paid = found.filter(
    (run) =>
      (findCurrentLease(run)?.state.unreleased.length ?? 0) > 0 && !mustNotBeActedOn(run.reading.problem),
  );
  const ofRuns = paid.map(async (run): Promise<Partial<GcReport>> => {
    try {
      return await collectOne(options, run);
    } catch (error) {
      return { unconfirmed: reportUnconfirmed(run, getMessage(error)) };
    }
  });
  const parts = await Promise.all([...ofRuns, collectLoneLeases(options, found)]);
  return {
    runs: parts.flatMap(({ runs = [] }) => runs),
    trainings: parts.flatMap(({ trainings = [] }) => trainings),
    released: parts.flatMap(({ released = [] }) => released),
    driven: parts.flatMap(({ driven = [] }) => driven),
    pending: parts.flatMap(({ pending = [] }) => pending),
    unconfirmed: parts.flatMap(({ unconfirmed = [] }) => unconfirmed),
    unreadable: removeDuplicateRuns([
      ...found.flatMap((run) => reportUnreadable(run)),
      ...parts.flatMap(({ unreadable = [] }) => unreadable),
    ]),
  };
}

function getMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function removeDuplicateRuns(runs: GcReport["unreadable"]): GcReport["unreadable"] {
  return runs.filter(({ runId }, at) => runs.findIndex((run) => run.runId === runId) === at);
}

function reportUnreadable(found: FoundRun, problem?: StateProblem): GcReport["unreadable"] {
  const run = describeUnreadableRun(found, problem);
  return run === undefined ? [] : [run];
}

async function collectOne(options: CollectOptions, found: FoundRun): Promise<Partial<GcReport>> {
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
  const driven = await drive(options, locked, proven).catch((error: unknown) => {
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

/** Stops the run, downloads its files and releases its machine, or only releases the machine. */
async function drive(options: CollectOptions, locked: LockedRun, proven: Resource[]): Promise<Driven> {
  const { found } = locked;
  const { clock, signal, showStatus = () => {}, downloadWithinMs = defaultDownloadWithinMs } = options;
  const { hindrance, ...takenRun } = await options.take(locked);
  const downloads =
    holdsTraining(found.reading.state, findCurrentLease(found)?.state) &&
    options.trainings !== "discard" &&
    !signal?.aborted;
  // The model can be downloaded even if the ledger cannot be written.
  const canDownload = hindrance === undefined || hindrance.code === "LEDGER_UNWRITABLE";
  if (downloads && canDownload) {
    showStatus(
      `${found.name}: stopping the training and downloading its files for at most ${formatMinutes(downloadWithinMs)} before the machine is released`,
    );
  }
  const run = startController(
    takenRun,
    downloads && canDownload
      ? { driveRun: endRun, stopWithinMs: downloadWithinMs, proven }
      : { driveRun: releaseRun, proven },
  );
  const releaseNow = () => void run.stop({ discard: true }).catch(() => {});
  signal?.addEventListener("abort", releaseNow, { once: true });
  const shown = showTeardown(run, clock.now(), (message) => showStatus(`${found.name}: ${message}`));
  try {
    const failure = await run.result.then(
      () => undefined,
      (error: Error) => error,
    );
    // For a lost model, the error of the download matters more than the error of the release.
    const first = failure?.cause instanceof UnitrainError ? failure.cause : failure;
    return {
      state: takenRun.ledger.state,
      reason: hindrance?.message ?? failure?.message,
      lostBecause: hindrance?.message ?? first?.message,
    };
  } finally {
    signal?.removeEventListener("abort", releaseNow);
    await settleWithin(clock, statusDrainMs, shown);
  }
}

/** Takes the run's locks, or waits while another process releases it. Returns undefined if a live process drives the run. */
async function takeWhenReleased(
  options: CollectOptions,
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

async function reportDriven({ home, locks }: CollectOptions, found: FoundRun): Promise<Partial<GcReport>> {
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
function isFinishable({ trainings }: CollectOptions, run: FoundRun): boolean {
  const { plan, error, outcome } = run.reading.state;
  // A damaged ledger without its intent has no deadline, so such a run is not continued.
  if (plan === undefined) return false;
  const isLeased = findCurrentLease(run)?.state.isLeased === true;
  return trainings === "finish" && isLeased && error === undefined && outcome === undefined;
}

async function handOver(options: CollectOptions, found: FoundRun): Promise<Partial<GcReport>> {
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
