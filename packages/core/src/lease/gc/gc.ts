import { startController } from "../../run/controller.ts";
import { endRun, releaseRun } from "../../run/end-run.ts";
import { holdsTraining } from "../../run/holds-training.ts";
import type { TakenRun } from "../../run/take-over.ts";
import { formatMinutes, type Resource, UnitrainError } from "../../spec/index.ts";
import type { LedgerState } from "../../state/ledger-state.ts";
import type { Lock, Locks } from "../../state/lock.ts";
import { describeLockProblem, readLockState } from "../../state/lock-state.ts";
import { type LedgerReading, readLedger } from "../../state/read-ledger.ts";
import { type FoundRun, listRunFolders } from "../../state/run-list.ts";
import { createUnreadableError, type StateProblem } from "../../state/unreadable.ts";
import type { Clock } from "../../time/clock.ts";
import { settleWithin } from "../../time/settle-within.ts";
import { guardianLock } from "../guardian/guardian-lock.ts";
import { showTeardown } from "../show-teardown.ts";
import { isProven } from "../teardown.ts";
import { mustNotBeActedOn, unreadableRun } from "../unreadable-run.ts";
import type { GcOptions, GcReport } from "./gc-report.ts";
import { type Driven, listTrainings } from "./gc-trainings.ts";

/** Enough for what a training leaves; a rented machine is not kept for longer when a download hangs. */
const defaultDownloadWithinMs = 10 * 60_000;
/** So long another process that is releasing is waited for. */
const releaseByOthersMs = 5 * 60_000;
const pollMs = 500;
/** An events file that hangs is not waited for. */
const lastWordsMs = 1_000;

export interface CollectOptions extends GcOptions {
  readonly home: string;
  readonly locks: Locks;
  readonly clock: Clock;
  /** Takes over a run to release it. The lock is released when it cannot be. */
  readonly take: (found: FoundRun, lock: Lock) => Promise<TakenRun>;
  /** Sees to it that a guardian lives. */
  readonly startGuardian: () => Promise<{ readonly pid: number } | { readonly missing: string }>;
}

/**
 * Releases what runs without a living controller may still pay for: each by the ids and names in its ledger, and nothing
 * else. All at once, so that one which hangs keeps none of the others.
 */
export async function collect(options: CollectOptions): Promise<GcReport> {
  const found = await listRunFolders(options.home);
  const paid = found.filter(
    ({ reading }) => reading.state.unreleased.length > 0 && !mustNotBeActedOn(reading.problem),
  );
  const parts = await Promise.all(
    paid.map(async (run): Promise<Partial<GcReport>> => {
      try {
        return await collectOne(options, run);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { unconfirmed: reportUnconfirmed(run, run.reading.state, reason) };
      }
    }),
  );
  return {
    runs: parts.flatMap(({ runs = [] }) => runs),
    trainings: parts.flatMap(({ trainings = [] }) => trainings),
    released: parts.flatMap(({ released = [] }) => released),
    driven: parts.flatMap(({ driven = [] }) => driven),
    pending: parts.flatMap(({ pending = [] }) => pending),
    unconfirmed: parts.flatMap(({ unconfirmed = [] }) => unconfirmed),
    unreadable: eachRunOnce([
      ...found.flatMap((run) => reportUnreadable(run)),
      ...parts.flatMap(({ unreadable = [] }) => unreadable),
    ]),
  };
}

function eachRunOnce(runs: GcReport["unreadable"]): GcReport["unreadable"] {
  return runs.filter(({ runId }, at) => runs.findIndex((run) => run.runId === runId) === at);
}

function reportUnreadable(found: FoundRun, problem?: StateProblem): GcReport["unreadable"] {
  const run = unreadableRun(found, problem);
  return run === undefined ? [] : [run];
}

async function collectOne(options: CollectOptions, found: FoundRun): Promise<Partial<GcReport>> {
  const lock = await takeWhenReleased(options, found);
  if (lock !== undefined && "problem" in lock) return { unreadable: reportUnreadable(found, lock.problem) };
  if (lock === undefined) return reportDriven(options, found);
  // Whoever held the lock a moment ago may have written meanwhile.
  const reading = await readAgain(found).catch(async (error) => {
    await lock.release();
    throw error;
  });
  const run = { ...found, reading };
  const before = found.reading.state.proofs.length;
  if (
    options.dryRun === true ||
    reading.state.unreleased.length === 0 ||
    isFinishable(options, reading.state)
  ) {
    await lock.release();
    if (options.dryRun === true) return reportPending(run);
    if (reading.state.unreleased.length > 0) return handOver(options, run);
    return { runs: [found.id], released: reading.state.proofs.slice(before).map(({ resource }) => resource) };
  }
  let reason = "it was not confirmed";
  const proven: Resource[] = [];
  const driven = await drive(options, run, lock, proven).catch((error: unknown) => {
    reason = error instanceof Error ? error.message : String(error);
    return undefined;
  });
  const after = await readLedger(found.folder.ledger);
  const { state } = after;
  const lost = after.entries < reading.entries ? (after.problem ?? lostMeanwhile(found)) : undefined;
  return {
    ...(lost === undefined ? {} : { unreadable: reportUnreadable(found, lost) }),
    runs: [found.id],
    trainings: listTrainings(options, run, driven ?? { state, reason, lostBecause: reason }),
    released: state.proofs.slice(before).map(({ resource }) => resource),
    unconfirmed: reportUnconfirmed(run, state, driven?.reason ?? reason).map((resource) =>
      isProven({ proven }, resource.resource) ? { ...resource, isGone: true } : resource,
    ),
  };
}

/** What a ledger named a moment ago is not gone because it cannot be read any more. */
async function readAgain(found: FoundRun): Promise<LedgerReading> {
  const reading = await readLedger(found.folder.ledger);
  if (reading.entries < found.reading.entries)
    throw createUnreadableError(reading.problem ?? lostMeanwhile(found));
  return reading;
}

function lostMeanwhile({ folder }: FoundRun): StateProblem {
  return { kind: "unreadable", file: folder.ledger, message: "It was removed or replaced meanwhile." };
}

/** Stops, downloads and releases; or releases only. */
async function drive(
  options: CollectOptions,
  found: FoundRun,
  lock: Lock,
  proven: Resource[],
): Promise<Driven> {
  const { clock, signal, showStatus = () => {}, downloadWithinMs = defaultDownloadWithinMs } = options;
  const { hindrance, ...takenRun } = await options.take(found, lock);
  const downloads = holdsTraining(found.reading.state) && options.trainings !== "discard" && !signal?.aborted;
  // A ledger that cannot be written keeps nobody from the model.
  const canDownload = hindrance === undefined || hindrance.code === "LEDGER_UNWRITABLE";
  if (downloads && canDownload) {
    showStatus(
      `${found.name}: stopping its training and downloading what there is, in at most ${formatMinutes(downloadWithinMs)}; then its machine is released`,
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
    // What stood in the way of the model comes before what stands in the way of the release.
    const first = failure?.cause instanceof UnitrainError ? failure.cause : failure;
    return {
      state: takenRun.ledger.state,
      reason: hindrance?.message ?? failure?.message,
      lostBecause: hindrance?.message ?? first?.message,
    };
  } finally {
    signal?.removeEventListener("abort", releaseNow);
    await settleWithin(clock, lastWordsMs, shown);
  }
}

/** Undefined while a living process drives the run. One that is releasing is waited for. */
async function takeWhenReleased(
  options: CollectOptions,
  found: FoundRun,
): Promise<Lock | { readonly problem: StateProblem } | undefined> {
  const { clock, locks, signal, showStatus = () => {} } = options;
  const begin = clock.now();
  let isReported = false;
  while (true) {
    const lock = await locks.take(found.folder.lock).catch((error: unknown) => ({
      problem: describeLockProblem(found.folder.lock, error),
    }));
    if (lock !== undefined) return lock;
    const { state } = await readAgain(found);
    const waited =
      clock.now() - begin > releaseByOthersMs || signal?.aborted === true || options.dryRun === true;
    if (!isReleasing(state) || waited || state.unreleased.length === 0) return undefined;
    if (!isReported) showStatus(`${found.name}: another process is releasing it; waiting for that`);
    isReported = true;
    await clock.wait(pollMs);
  }
}

function isReleasing({ releasing, error, outcome }: LedgerState): boolean {
  return releasing || error !== undefined || outcome !== undefined;
}

async function reportDriven({ home, locks }: CollectOptions, found: FoundRun): Promise<Partial<GcReport>> {
  const { state } = await readAgain(found);
  const { holder: pid = 0 } = await readLockState(locks, found.folder.lock);
  const { holder: guardian } = await readLockState(locks, guardianLock(home));
  const { id: runId, name } = found;
  const { unreleased, proofs } = state;
  if (unreleased.length === 0) {
    const released = proofs.slice(found.reading.state.proofs.length).map(({ resource }) => resource);
    return { runs: [runId], released };
  }
  return {
    driven: [{ runId, name, pid, guarded: pid === guardian, releasing: isReleasing(state), unreleased }],
  };
}

/** With `finish`: a training that can go on. What only has to be released is released here. */
function isFinishable({ trainings }: CollectOptions, state: LedgerState): boolean {
  // Without its intent a damaged ledger tells no deadline: nobody goes on with such a run.
  if (state.plan === undefined) return false;
  return trainings === "finish" && state.isLeased && state.error === undefined && state.outcome === undefined;
}

async function handOver(options: CollectOptions, found: FoundRun): Promise<Partial<GcReport>> {
  const guardian = await options.startGuardian();
  if ("missing" in guardian) {
    const reason = `no guardian goes on with it: ${guardian.missing}`;
    return { unconfirmed: reportUnconfirmed(found, found.reading.state, reason) };
  }
  const { id: runId, name } = found;
  return { runs: [runId], trainings: [{ runId, name, model: "finishing", files: [] }] };
}

function reportPending({ id: runId, name, reading }: FoundRun): Partial<GcReport> {
  const { state } = reading;
  return {
    runs: [runId],
    trainings: holdsTraining(state) ? [{ runId, name, model: "pending", files: [] }] : [],
    pending: state.unreleased.map((resource) => ({ runId, resource })),
  };
}

function reportUnconfirmed({ id: runId }: FoundRun, { unreleased }: LedgerState, reason: string) {
  return unreleased.map((resource) => ({ runId, resource, reason }));
}
