import { createLogTail } from "../follow/log-tail.ts";
import { armGuardian } from "../lease/arm-guardian.ts";
import { lease } from "../lease/lease.ts";
import { teardown } from "../lease/teardown.ts";
import { UnitrainError } from "../spec/index.ts";
import { allOrAbort } from "../time/all-or-abort.ts";
import { type ActiveRun, detached, noteUnlessFree, recordFact } from "./active-run.ts";
import { beginAttempt, endAttempt, refuseReleasedMachine } from "./attempts.ts";
import { holdsTraining } from "./holds-training.ts";
import { assertJobSucceeded } from "./steps/assert-job-succeeded.ts";
import { connect } from "./steps/connect.ts";
import { shownName } from "./steps/download/local-name.ts";
import { type DownloadedArtifacts, downloadArtifacts } from "./steps/download-artifacts.ts";
import { prepareEnvironment } from "./steps/environment.ts";
import { type Finish, finish } from "./steps/finish.ts";
import { runFirstBootStep } from "./steps/first-boot.ts";
import { checkFit } from "./steps/fit.ts";
import { ship } from "./steps/ship.ts";
import { type StartedJob, startJob } from "./steps/start-job.ts";
import { type JobEnd, train } from "./steps/train.ts";
import { isConnectivityFault, isLocalFault } from "./trouble.ts";

/** How this process's part of a run ended: the run is over, or somebody else goes on with it. */
export type Ending = Finish | typeof detached;

/** The machine was lost and released, and the run goes on with another one. */
const nextAttempt = Symbol("next attempt");

/** A run, from its intent to its receipt: one attempt after the other, usually only one. */
export async function executeRun(run: ActiveRun): Promise<Ending> {
  while (true) {
    const ending = await executeAttempt(run);
    if (ending !== nextAttempt) return ending;
  }
}

/**
 * One attempt on one machine. Each step looks into the ledger first and does only what is not done yet, so that another process
 * goes on where this one died. The first error decides; teardown always runs.
 */
async function executeAttempt(run: ActiveRun): Promise<Ending | typeof nextAttempt> {
  const progress: { job?: StartedJob; end?: JobEnd } = {};
  const { error } = run.ledger.state;
  const isDecided = error !== undefined && !holdsTraining(run.ledger.state, run.lease.ledger.state);
  try {
    if (error !== undefined) throw new UnitrainError(error.code, error.message, error);
    await armGuardian(run);
    await beginAttempt(run);
    if (run.provider.ownership === "rented") refuseReleasedMachine(run);
    await lease(run);
    const facts = await connect(run);
    await runFirstBootStep(run);
    await checkFit(run, facts);
    const [dataset, environment] = await allOrAbort(run.stopSignal, [
      (signal) => ship(run, facts, signal),
      (signal) => prepareEnvironment(run, facts, signal),
    ]);
    progress.job = await startJob(run, { facts, dataset, environment });
    progress.end = await train(run, progress.job);
    await downloadAtEnd(run, progress.job, progress.end);
    await assertJobSucceeded(run, progress.job.input, progress.end);
  } catch (error) {
    if (error === detached) return detached;
    if (await leavesJobRunning(run, error)) return detached;
    if (await endAttempt(run, error).catch(() => false)) return nextAttempt;
    await recordFailure(run, error);
    if (progress.end === undefined && run.provider.ownership === "rented" && !isDecided)
      await saveWhatThereIs(run);
  }
  await teardown(run, {
    keepRemoteFiles: mayStillHoldTheModel(run, progress.end),
    mayKeepMachine: run.ledger.state.error === undefined,
  });
  return finish(run);
}

/** Downloads what the training left. Of one that failed or was stopped, what there is: its log says why, its weights are paid. */
export async function downloadAtEnd(run: ActiveRun, job: StartedJob, end: JobEnd): Promise<void> {
  if (run.ledger.state.artifacts !== undefined) return;
  await run.endPulls();
  const modelOptional = end.state !== "ended" || end.exitCode !== 0 || run.ledger.state.wasStopSent;
  const downloaded = await downloadArtifacts(run, job.input, {
    logTail: end.tail.getText(),
    signal: AbortSignal.any([run.deadlineSignal, run.detachSignal]),
    modelOptional,
    purpose: "end",
  }).catch((error) => {
    // Whoever attaches next, or the guardian, downloads the rest.
    throw run.detachSignal.aborted && !run.deadlineSignal.aborted ? detached : error;
  });
  const { fault, ...noted } = downloaded;
  await noteUnlessFree(run, { type: "brought", ...asNoted(noted) });
  if (fault !== undefined) throw fault;
}

/**
 * Before a rented machine is released although its training was not followed to its end: it is stopped, and what there is
 * downloaded. What was trained is worth more than what failed.
 */
async function saveWhatThereIs(run: ActiveRun): Promise<void> {
  const { starting, jobEnd, wasStopSent, error } = run.ledger.state;
  if (starting === undefined || run.deadlineSignal.aborted || error?.code === "MACHINE_GONE") return;
  try {
    if (jobEnd === undefined && !wasStopSent) await stopNow(run, starting.input.jobId);
    await downloadAtEnd(run, starting, { state: "lost", tail: createLogTail() });
  } catch (error) {
    if (error !== detached) await recordFailure(run, error);
  }
}

/** A download from a training that cannot be stopped is better than none. */
async function stopNow(run: ActiveRun, jobId: string): Promise<void> {
  const graceMs = run.graceMs();
  const call = {
    phase: "train" as const,
    method: "stop",
    timeoutMs: graceMs + 60_000,
    signal: run.deadlineSignal,
  };
  await run.link
    .use({ ...call, patienceMs: 30_000, tries: 3 }, (session, context) =>
      session.stop(jobId, graceMs, context),
    )
    .catch(() => {});
}

/** What stays in the ledger and the receipt. Paths are a machine's word. */
function asNoted({ notDownloaded, ...downloaded }: Omit<DownloadedArtifacts, "fault">) {
  if (notDownloaded.length === 0) return downloaded;
  const bytes = notDownloaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const paths = notDownloaded.slice(0, 100).map(({ path }) => shownName(path));
  return { ...downloaded, notDownloaded: { files: notDownloaded.length, bytes, paths } };
}

/**
 * On a machine that costs nothing, a training is never ended for a fault of this computer, nor because it cannot be seen from
 * here: it goes on, and so can we. When the end was asked for, what stands in its way is its failure. A login that only waits for a
 * person is none: whoever attaches at a terminal stops the training, or downloads what it left.
 */
async function leavesJobRunning(run: ActiveRun, error: unknown): Promise<boolean> {
  const { started, jobEnd } = run.ledger.state;
  if (run.provider.ownership !== "borrowed" || !started || !UnitrainError.isInstance(error)) return false;
  if (error.code !== "LOGIN_NEEDS_PERSON") {
    if (jobEnd !== undefined) return false;
    if (!isLocalFault(error) && (!isConnectivityFault(error) || run.stopSignal.aborted)) return false;
  }
  const failure = run.assembly.sanitizer.maskError(error);
  run.failures.push(failure);
  const { message, hint, action } = failure;
  await run.events.emit({
    type: "warning",
    phase: "train",
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(action === undefined ? {} : { action }),
  });
  return true;
}

/** Written down before anything else is done about it: another process must not take the run for a good one. */
export async function recordFailure(run: ActiveRun, error: unknown): Promise<void> {
  const failure = run.assembly.sanitizer.maskError(error);
  run.failures.push(failure);
  await recordFact(run, { type: "failed", error: failure.toJSON() });
}

/** Nothing that was trained is removed from a borrowed machine before it is downloaded. */
function mayStillHoldTheModel(run: ActiveRun, end: JobEnd | undefined): boolean {
  const { artifacts, started, jobEnd } = run.ledger.state;
  if (!started) return false;
  if (artifacts === undefined) return jobEnd !== undefined || !run.stopSignal.aborted;
  return end?.exitCode === 0 && !artifacts.some(({ role }) => role === "model");
}
