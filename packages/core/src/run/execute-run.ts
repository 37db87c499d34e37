import { createLogTail } from "../follow/log-tail.ts";
import { type LedgerReader, noteUnlessFree, type Recorder, recordFact } from "../journal/recorder.ts";
import { UnitrainError } from "../spec/index.ts";
import { allOrAbort } from "../time/all-or-abort.ts";
import type { ActiveRun } from "./active-run.ts";
import { armGuardian } from "./arm-guardian.ts";
import { beginAttempt, endAttempt, refuseReleasedMachine } from "./attempts.ts";
import { holdsTraining } from "./holds-training.ts";
import type { Connected } from "./link/link.ts";
import { detached } from "./signals.ts";
import { assertJobSucceeded } from "./steps/assert-job-succeeded.ts";
import { connect } from "./steps/connect.ts";
import { shownName } from "./steps/download/local-name.ts";
import { type DownloadedArtifacts, downloadArtifacts } from "./steps/download-artifacts.ts";
import { prepareEnvironment } from "./steps/environment.ts";
import { type Finish, finish } from "./steps/finish.ts";
import { runFirstBootStep } from "./steps/first-boot.ts";
import { checkFit } from "./steps/fit.ts";
import { lease } from "./steps/lease.ts";
import { ship } from "./steps/ship.ts";
import { assertSecretsKnown, type StartedJob, startJob } from "./steps/start-job.ts";
import { teardown } from "./steps/teardown.ts";
import { isConnectivityFault, isLocalFault } from "./steps/train/retry.ts";
import { type JobEnd, train } from "./steps/train.ts";

/** How this process's part of a run ended: the run is over, or this process detached from it. */
export type Ending = Finish | typeof detached;

/** The result of an attempt whose machine was lost and released. The run continues on another machine. */
const nextAttempt = Symbol("next attempt");

/** Executes a run from its intent to its receipt, in one or more attempts. */
export async function executeRun(run: ActiveRun): Promise<Ending> {
  while (true) {
    const ending = await executeAttempt(run);
    if (ending !== nextAttempt) return ending;
  }
}

/**
 * Executes one attempt on one machine. Each step reads the ledger and skips what is already done, so that another process can
 * continue after a crash. The first error is the run's error; teardown always runs.
 */
async function executeAttempt(run: ActiveRun): Promise<Ending | typeof nextAttempt> {
  const progress: { job?: StartedJob; end?: JobEnd } = {};
  const { error } = run.ledger.state;
  const isDecided = error !== undefined && !holdsTraining(run.ledger.state, run.lease.ledger.state);
  try {
    if (error !== undefined) throw new UnitrainError(error.code, error.message, error);
    await armGuardian(run);
    assertSecretsKnown(run);
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
      await saveTrainingOutput(run);
  }
  await teardown(run, {
    keepRemoteFiles: mayHoldModel(run, progress.end),
    mayKeepMachine: run.ledger.state.error === undefined,
  });
  return finish(run);
}

/** Downloads the output of the training. A failed or stopped training may have no model, but its log and weights are still useful. */
export async function downloadAtEnd(run: ActiveRun, job: StartedJob, end: JobEnd): Promise<void> {
  if (run.ledger.state.artifacts !== undefined) return;
  await run.endPulls();
  const modelOptional = end.state !== "ended" || end.exitCode !== 0 || run.ledger.state.wasStopSent;
  const downloaded = await downloadArtifacts(run, job.input, {
    logTail: end.searchText,
    signal: AbortSignal.any([run.deadlineSignal, run.detachSignal]),
    modelOptional,
    purpose: "end",
  }).catch((error) => {
    // The next process that attaches, or the guardian, downloads the rest.
    throw run.detachSignal.aborted && !run.deadlineSignal.aborted ? detached : error;
  });
  const { fault, ...noted } = downloaded;
  await noteUnlessFree(run, { type: "brought", ...createDownloadRecord(noted) });
  if (fault !== undefined) throw fault;
}

/**
 * Stops the training and downloads its output before a rented machine is released after an error. The user paid for the training,
 * so its output is saved whatever else failed.
 */
async function saveTrainingOutput(run: ActiveRun): Promise<void> {
  const { starting, jobEnd, wasStopSent, error } = run.ledger.state;
  if (starting === undefined || run.deadlineSignal.aborted || error?.code === "MACHINE_GONE") return;
  try {
    if (jobEnd === undefined && !wasStopSent) await stopTraining(run, starting.input.jobId);
    await downloadAtEnd(run, starting, { state: "lost", tail: createLogTail(), searchText: "" });
  } catch (error) {
    if (error !== detached) await recordFailure(run, error);
  }
}

/** Stops the training. Errors are ignored, because its output can be downloaded while it runs. */
async function stopTraining(
  run: Connected & Pick<ActiveRun, "graceMs" | "deadlineSignal">,
  jobId: string,
): Promise<void> {
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

/** Returns what the ledger and the receipt record of a download. Paths come from the machine, so they are made safe to show. */
function createDownloadRecord({ notDownloaded, ...downloaded }: Omit<DownloadedArtifacts, "fault">) {
  if (notDownloaded.length === 0) return downloaded;
  const bytes = notDownloaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const paths = notDownloaded.slice(0, 100).map(({ path }) => shownName(path));
  return { ...downloaded, notDownloaded: { files: notDownloaded.length, bytes, paths } };
}

/**
 * Whether the job on a borrowed machine is left running after the error. Faults of this computer and a lost connection do not
 * affect the job, so a process can attach to it later. After a request to stop, a lost connection is a failure of the run. A login
 * that needs a person never is, because the user can attach at a terminal to stop the training or to download its output.
 */
async function leavesJobRunning(run: ActiveRun, error: unknown): Promise<boolean> {
  const { started, jobEnd } = run.ledger.state;
  if (run.provider.ownership !== "borrowed" || !started || !UnitrainError.isInstance(error)) return false;
  if (error.code !== "LOGIN_NEEDS_PERSON") {
    if (jobEnd !== undefined) return false;
    if (!isLocalFault(error) && (!isConnectivityFault(error) || run.stopSignal.aborted)) return false;
  }
  const failure = run.sanitizer.maskError(error);
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

/** Records the error before anything else is done, so that another process does not take the run for a successful one. */
export async function recordFailure(
  run: Recorder & Pick<ActiveRun, "failures">,
  error: unknown,
): Promise<void> {
  const failure = run.sanitizer.maskError(error);
  run.failures.push(failure);
  await recordFact(run, { type: "failed", error: failure.toJSON() });
}

/** Whether a model may remain on the machine. Training output is not removed from a borrowed machine before it is downloaded. */
function mayHoldModel(run: LedgerReader & Pick<ActiveRun, "stopSignal">, end: JobEnd | undefined): boolean {
  const { artifacts, started, jobEnd } = run.ledger.state;
  if (!started) return false;
  if (artifacts === undefined) return jobEnd !== undefined || !run.stopSignal.aborted;
  return end?.exitCode === 0 && !artifacts.some(({ role }) => role === "model");
}
