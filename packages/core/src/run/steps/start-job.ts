import type { HookCaller } from "../../adapters/assembly.ts";
import type { LedgerReader, Recorder } from "../../journal/recorder.ts";
import { emit } from "../../journal/reporter.ts";
import { getOutputFolder } from "../../output/get-output-folder.ts";
import { pickSecrets, type RunSecrets } from "../../secrets/run-secrets.ts";
import {
  type CallContext,
  type Framework,
  type Job,
  type JobInput,
  type JobState,
  type MachineFacts,
  type Plan,
  type RunHookContext,
  UnitrainError,
} from "../../spec/index.ts";
import type { Connected } from "../link/link.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import { getRemoteLayout, getTrainingJobId } from "../remote-layout.ts";
import type { RunSignals } from "../signals.ts";

/** What it takes to start the training. */
export type StartingRun = PhaseReporter &
  Connected &
  HookCaller &
  Pick<Recorder, "ledger"> &
  Pick<RunSignals, "stopSignal"> & {
    readonly plan: Plan;
    readonly framework: Pick<Framework, "job">;
    readonly secrets: RunSecrets;
  };

const startTimeoutMs = 120_000;

/** The input of a job, and the files to watch while it runs. */
export interface StartedJob {
  readonly input: JobInput;
  readonly watch: readonly string[];
}

/** Starts the training, detached. Starting it again, after a lost response or from another process, is idempotent. */
export async function startJob(
  run: StartingRun,
  prepared: {
    readonly facts: MachineFacts;
    readonly dataset: string;
    readonly environment: JobInput["environment"];
  },
): Promise<StartedJob> {
  const { ledger } = run;
  const recorded = ledger.state.starting;
  if (recorded !== undefined && ledger.state.started) {
    await emit(run, { type: "job", jobId: recorded.input.jobId, state: "reattached" });
    return recorded;
  }
  return runPhase(run, "start", async () => {
    const input = recorded?.input ?? createJobInput(run, prepared);
    const job = await shapeJob(run, input);
    if (recorded === undefined)
      await ledger.append({ type: "starting", input, watch: job.watch, ...noteSecrets(run, job) });
    await run.link.use(
      { phase: "start", method: "start", timeoutMs: startTimeoutMs },
      async (session, context) => {
        if (recorded !== undefined && isStarted(await session.getJobState(job.id, context))) return;
        await session.start(job, pickSecrets(run.secrets, job.secrets), context);
      },
    );
    await ledger.append({ type: "started" });
    await emit(run, { type: "job", jobId: job.id, state: "started" });
    return { input, watch: job.watch };
  });
}

/** Whether the job has certainly started. If that is unknown, it is started again, because starting the same id twice is idempotent. */
function isStarted({ state }: JobState): boolean {
  return state !== "never-started" && state !== "unknown";
}

function createJobInput(
  run: LedgerReader & Pick<StartingRun, "plan">,
  prepared: { facts: MachineFacts; dataset: string; environment: JobInput["environment"] },
): JobInput {
  const { runId } = run.plan;
  const attempt = Math.max(1, run.ledger.state.attempt);
  const layout = getRemoteLayout(prepared.facts, runId);
  return {
    jobId: getTrainingJobId(runId, attempt),
    attempt,
    dataset: prepared.dataset,
    output: layout.output(attempt),
    scratch: layout.scratch(attempt),
    facts: prepared.facts,
    environment: prepared.environment,
    local: { out: getOutputFolder(run.plan, run.ledger.state), dataset: run.plan.data.location },
  };
}

async function shapeJob(
  run: HookCaller & Pick<StartingRun, "plan" | "framework" | "stopSignal">,
  input: JobInput,
): Promise<Job> {
  const { framework, hooks, hookCall } = run;
  const planned = framework.job(input);
  const call = hookCall("start", run.stopSignal);
  const job = await hooks.callWaterfall(
    "run",
    {
      ...planned,
      // The framework's own variables, such as its settings and folders, take precedence.
      env: { ...run.plan.env, ...planned.env },
      secrets: [...new Set([...planned.secrets, ...run.plan.secrets])],
    },
    {
      ...call,
      within: (owner, handler) => call.within(owner, (context) => handler(addInput(context, input))),
    },
  );
  if (job.id === input.jobId) return job;
  throw new UnitrainError(
    "HOOK_FAILED",
    `A plugin's run hook changed the job's id to ${JSON.stringify(job.id)}.`,
    {
      hint: "Keep the id, because another process finds the job by it.",
      phase: "start",
    },
  );
}

/** A `run` hook needs the folders on the machine, which the job does not name. It gets a copy, because changing it must have no effect. */
const addInput = (context: CallContext, input: JobInput): RunHookContext => ({
  ...context,
  input: structuredClone(input),
});

/** The names of secrets that are not in the plan: another process has to know all whose values may be in the output. */
function noteSecrets(
  { plan }: Pick<StartingRun, "plan">,
  job: Job,
): { readonly secrets?: readonly string[] } {
  const added = job.secrets.filter((name) => !plan.secrets.includes(name));
  return added.length === 0 ? {} : { secrets: added };
}

/** Throws `SECRET_MISSING` if a secret of the plan has no value and the job may not exist yet. Nothing should be rented or uploaded for it. */
export function assertSecretsKnown({ plan, ledger, secrets }: StartingRun): void {
  if (ledger.state.starting === undefined) pickSecrets(secrets, plan.secrets);
}
