import type { FrameworkCaller } from "../../adapters/assembly.ts";
import { callAdapter } from "../../adapters/boundary.ts";
import type { LedgerReader } from "../../journal/recorder.ts";
import {
  type FailureExplanation,
  type JobInput,
  type MachineFacts,
  UnitrainError,
} from "../../spec/index.ts";
import type { RunFolder } from "../../state/run-folder.ts";
import type { Connected } from "../link/link.ts";
import type { JobEnd } from "./train.ts";

/** What it takes to tell whether a training succeeded, and to explain why it failed. */
export type RunWithEndedJob = LedgerReader &
  Connected &
  FrameworkCaller & { readonly folder: Pick<RunFolder, "log"> };

const factsTimeoutMs = 20_000;
const explainTimeoutMs = 5_000;
const shownLines = 12;

/** Throws an error if the job failed, with the framework's explanation if it has one. A job that was told to stop did not fail. */
export async function assertJobSucceeded(run: RunWithEndedJob, job: JobInput, end: JobEnd): Promise<void> {
  if (run.ledger.state.wasStopSent || (end.state === "ended" && end.exitCode === 0)) return;
  if (end.state !== "ended") throw createJobLostError(end);
  const lines = end.tail.getLastLines(shownLines).map((line) => `  ${line}`);
  const explanation = await explain(run, job, end);
  const endedBy = end.detail === undefined ? "" : `, ended by the cluster: ${end.detail}`;
  const log = `See the full log: ${run.folder.log}.`;
  throw explanation === undefined
    ? new UnitrainError(
        "TRAINING_FAILED",
        [`The training ended with exit code ${end.exitCode}${endedBy}:`, ...lines].join("\n"),
        { phase: "train", hint: log },
      )
    : new UnitrainError(
        "TRAINING_FAILED",
        [`The training failed: ${explanation.message}. Its log ends with:`, ...lines].join("\n"),
        { phase: "train", hint: `${explanation.hint} ${log}` },
      );
}

function createJobLostError(end: JobEnd): UnitrainError {
  const event =
    end.state === "rebooted"
      ? "The machine was rebooted during the training"
      : "The training ended without an exit code";
  return new UnitrainError("JOB_LOST", `${event}: ${end.detail}.`, {
    phase: "train",
    hint: "Start again. The files that it had written are downloaded.",
    retryable: true,
  });
}

/** Asks the framework to explain the failure. Returns undefined if that fails, so that it does not hide the failure itself. */
async function explain(
  run: RunWithEndedJob,
  job: JobInput,
  { exitCode = 1, tail }: JobEnd,
): Promise<FailureExplanation | undefined> {
  const { framework, boundary } = run;
  if (framework.explainFailure === undefined) return undefined;
  const facts = await readFactsAgain(run);
  const call = {
    phase: "train" as const,
    adapter: `${framework.name}.explainFailure`,
    timeoutMs: explainTimeoutMs,
  };
  return callAdapter(boundary, call, () =>
    framework.explainFailure?.({ exitCode, output: tail.getText(), job, facts }),
  ).catch(() => undefined);
}

/** Reads the machine's facts again, because the training itself may have filled the disk. */
async function readFactsAgain(run: Connected): Promise<MachineFacts | undefined> {
  const call = { phase: "train" as const, method: "facts", timeoutMs: factsTimeoutMs, patienceMs: 0 };
  return run.link.use(call, (session, context) => session.facts(context)).catch(() => undefined);
}
