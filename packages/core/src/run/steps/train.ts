import type { EventStore } from "../../follow/event-store.ts";
import { openLocalLog } from "../../follow/local-log.ts";
import { createLogTail, type LogTail } from "../../follow/log-tail.ts";
import { createProgressTracker } from "../../follow/progress-tracker.ts";
import { type LedgerReader, noteUnlessFree } from "../../journal/recorder.ts";
import { emit } from "../../journal/reporter.ts";
import { watchProjection } from "../../money/projection.ts";
import {
  type Framework,
  type JobState,
  type Plan,
  type ProgressInput,
  type RunEvent,
  UnitrainError,
} from "../../spec/index.ts";
import type { RunFolder } from "../../state/run-folder.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import { detached, type RunSignals } from "../signals.ts";
import type { StartedJob } from "./start-job.ts";
import { createRetryPolicy, isLocalFault, type RunWithRetries } from "./train/retry.ts";
import { type StoppableRun, stopWhenRequested } from "./train/stop-when-requested.ts";
import { type Followed, noteWithheldOutput, openOutput, readProgressFile } from "./train/training-output.ts";

/** Effectively no limit, because a training may take long. The transport's heartbeat detects a dead connection. */
const followTimeoutMs = 365 * 24 * 3600_000;
const stateTimeoutMs = 60_000;

/** What it takes to follow a training, and to stop it. */
export type TrainingRun = PhaseReporter &
  StoppableRun &
  RunWithRetries &
  RunSignals & {
    readonly plan: Pick<Plan, "name" | "metrics">;
    readonly framework: Pick<Framework, "progress">;
    readonly folder: Pick<RunFolder, "log" | "logOffsets">;
    readonly events: Pick<EventStore, "readPast">;
    /** Whether another process started this run. */
    readonly resumed: boolean;
  };

/** How the job ended, and the end of its log. */
export interface JobEnd {
  readonly state: "ended" | "lost" | "rebooted";
  readonly exitCode?: number;
  readonly detail?: string;
  readonly tail: LogTail;
  /** The end of the log, also if it was withheld. It only serves to find the model. */
  readonly searchText: string;
}

type JobEndState = Omit<JobEnd, "tail" | "searchText">;

/** Follows the job to its end, and reconnects when the connection is lost. A request to stop ends the job, which is still followed. */
export async function train(run: TrainingRun, job: StartedJob): Promise<JobEnd> {
  const tail = createLogTail();
  const recorded = run.ledger.state.jobEnd;
  if (recorded !== undefined) return { ...recorded, tail, searchText: "" };
  return runPhase(run, "train", async () => {
    const stopping = stopWhenRequested(run, job.input.jobId);
    try {
      const tracker = createProgressTracker(run.clock.now, await readPastProgress(run));
      const into: Followed = {
        tail,
        withheldTail: createLogTail(),
        tracker,
        project: watchProjection(run.clock, run.ledger.state.deadline?.stopAt),
        reader: run.framework.progress(getProgressInput(run)),
      };
      const end = await followToEnd(run, job, into, stopping.failed);
      await noteUnlessFree(run, { type: "job-ended", ...end });
      await emit(run, createJobEndEvent(job.input.jobId, end));
      return { ...end, tail, searchText: into.withheldTail.getText() + tail.getText() };
    } catch (error) {
      throw run.detachSignal.aborted ? detached : error;
    } finally {
      await stopping.done();
    }
  });
}

function getProgressInput({ ledger }: LedgerReader): ProgressInput {
  const versions = ledger.state.environment?.versions;
  return versions === undefined ? {} : { versions };
}

async function followToEnd(
  run: TrainingRun,
  job: StartedJob,
  into: Followed,
  cannotStop: AbortSignal,
): Promise<JobEndState> {
  const { jobId } = job.input;
  const signal = AbortSignal.any([run.detachSignal, run.deadlineSignal, cannotStop]);
  const patient = { phase: "train" as const, signal, patienceMs: Number.POSITIVE_INFINITY };
  const following = createRetryPolicy(run, signal);
  const stateChecks = createRetryPolicy(run, signal);
  const follow = async () => {
    into.log ??= await openLocalLog(run.folder.log, run.folder.logOffsets, run.ledger.state.attempt);
    const { log } = into;
    return run.link.use(
      { ...patient, method: "follow", timeoutMs: followTimeoutMs },
      async (session, context) => {
        const output = await openOutput(run, log, into);
        for await (const part of session.follow(jobId, output.position, context)) {
          following.reset();
          if (part.kind === "log") await output.write(part.bytes);
          else await readProgressFile(run, part, into);
          if (output.canBeShown()) break;
        }
        await output.end();
        return output.canBeShown() ? log.offsets.raw : output.position;
      },
    );
  };
  while (true) {
    signal.throwIfAborted();
    let read = 0;
    try {
      read = await follow();
      following.reset();
    } catch (error) {
      await following.handle(error);
      // The job may have ended even though it cannot be followed.
      if (isLocalFault(error) || following.count >= maxFollowFailures) read = Number.POSITIVE_INFINITY;
    }
    try {
      const state = await run.link.use(
        { ...patient, method: "getJobState", timeoutMs: stateTimeoutMs },
        (session, context) => session.getJobState(jobId, context),
      );
      stateChecks.reset();
      const end = getJobEnd(run, state, read);
      if (end !== undefined) {
        await noteWithheldOutput(run, into);
        return end;
      }
      await run.clock.wait(500, signal);
    } catch (error) {
      await stateChecks.handle(error);
    }
  }
}

/** How many consecutive times following may fail before the rest of the log is skipped. */
const maxFollowFailures = 5;

function getJobEnd(run: TrainingRun, state: JobState, read: number): JobEndState | undefined {
  const { maskValue: value } = run.sanitizer;
  if (state.state === "waiting" || state.state === "running" || state.state === "unknown") return undefined;
  if (state.state === "never-started") {
    if (run.provider.ownership === "borrowed" && !run.stopSignal.aborted) throw createJobNotVisibleError(run);
    return { state: "lost", detail: "the machine has no trace of the job" };
  }
  if (state.state !== "ended") return value({ state: state.state, detail: state.detail });
  // The log grew after it was last read, so following continues.
  if (state.logBytes > read) return undefined;
  const { exitCode, ending } = state;
  return { state: "ended", exitCode, ...(ending === undefined ? {} : { detail: value(ending.detail) }) };
}

/** Creates the error for a job that is not visible. On a borrowed machine, another user or computer may still see it, so it is not lost. */
function createJobNotVisibleError({ plan, ledger }: Pick<TrainingRun, "plan" | "ledger">): UnitrainError {
  const { facts } = ledger.state;
  return new UnitrainError(
    "NOT_AVAILABLE",
    `Cannot find the training of ${plan.name} in ${facts?.workFolder} on ${facts?.hostname}. Nothing was changed.`,
    {
      hint: "Attach from the computer and as the user that started it. If its folder was removed, stop the run.",
      action: { type: "stop", run: plan.name },
    },
  );
}

async function readPastProgress(run: Pick<TrainingRun, "resumed" | "events">): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  if (!run.resumed) return events;
  for await (const event of run.events.readPast()) {
    if (event.type === "progress" && event.complete) events.push(event);
    // A new attempt trains from the beginning, so earlier progress does not count.
    if (event.type === "attempt") events.length = 0;
  }
  return events;
}

function createJobEndEvent(jobId: string, end: JobEndState) {
  if (end.state === "ended")
    return { type: "job" as const, jobId, state: end.state, exitCode: end.exitCode ?? 1 };
  return { type: "job" as const, jobId, state: end.state, detail: end.detail ?? "" };
}
