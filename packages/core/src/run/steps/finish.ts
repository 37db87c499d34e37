import { join } from "node:path";
import type { RunResult } from "../../api/run.ts";
import { recordFact } from "../../journal/recorder.ts";
import { emit } from "../../journal/reporter.ts";
import { isProven } from "../../lease/release.ts";
import { createReceipt } from "../../money/receipt.ts";
import type { RecordedRun } from "../../money/recorded-run.ts";
import { getOutputFolder } from "../../output/get-output-folder.ts";
import {
  type ErrorReport,
  formatJson,
  type Outcome,
  type Provider,
  type Receipt,
  type Resource,
  UnitrainError,
} from "../../spec/index.ts";
import { withinFileSystemTimeout } from "../../state/bounded.ts";
import { readPlainFile } from "../../state/read-plain-file.ts";
import type { RunFolder } from "../../state/run-folder.ts";
import { replaceFile } from "../../state/write-file.ts";
import { endOutputReservation, type SavingRun } from "./download/output-folder.ts";

/** What it takes to write the receipt of a run and to report its result. */
export type FinishingRun = RecordedRun &
  SavingRun & {
    readonly provider: Pick<Provider, "name">;
    readonly folder: Pick<RunFolder, "receipt">;
    /** All errors that this process met. The first one is the run's error. */
    readonly failures: UnitrainError[];
    /** Resources that the provider has confirmed gone to this process, including confirmations that could not be recorded. */
    readonly proven: readonly Resource[];
    /** Cancels a download during the run, and waits a limited time until it has ended. */
    readonly endPulls: () => Promise<void>;
  };

/** The result of a run that is over. The run's `result` rejects with `error`, if there is one. */
export interface Finish extends RunResult {
  readonly error: UnitrainError | undefined;
}

/** Writes the receipt to the run's folder and next to the model, and emits the run's last event. */
export async function finish(run: FinishingRun): Promise<Finish> {
  // A pull may still be running if the end of the training was never seen.
  await run.endPulls();
  const { state } = run.ledger;
  const outcome = getOutcome(state.error, state.wasStopSent || state.error?.code === "CANCELLED");
  const receipt = await createReceipt(run, outcome);
  await writeReceipt(run, receipt);
  await recordFact(run, { type: "finished", outcome });
  await endOutputReservation(run);
  await emit(run, {
    type: "finished",
    outcome,
    receipt,
    ...(receipt.error === undefined ? {} : { error: receipt.error }),
  });
  return { outcome, artifacts: receipt.artifacts, receipt, error: createOutcomeError(run, receipt) };
}

function getOutcome(error: ErrorReport | undefined, stopped: boolean): Outcome {
  if (error === undefined) return stopped ? "stopped" : "completed";
  if (error.code === "TRAINING_FAILED") return "training-failed";
  return error.code === "CANCELLED" ? "stopped" : "failed";
}

async function writeReceipt(run: FinishingRun, receipt: Receipt): Promise<void> {
  const text = `${formatJson(receipt, 2)}\n`;
  try {
    await replaceFile(run.folder.receipt, text);
    if (receipt.artifacts.length === 0) return;
    // The copy next to the model has the permissions of the user's other files.
    const beside = join(getOutputFolder(run.plan, run.ledger.state), "receipt.json");
    await withinFileSystemTimeout(replaceBeside(run, beside, text));
  } catch (error) {
    const { message } = run.sanitizer.maskError(error);
    await emit(run, {
      type: "warning",
      phase: "teardown",
      message: `The receipt could not be written: ${message}`,
    });
  }
}

/** Writes the receipt next to the model. A later run may use the folder by now, and its receipt is not overwritten. */
async function replaceBeside(
  { plan }: Pick<FinishingRun, "plan">,
  path: string,
  text: string,
): Promise<void> {
  const found = plan.overwrites === true ? undefined : await readPlainFile(path).catch(() => undefined);
  if (found !== undefined && (JSON.parse(found) as Partial<Receipt>).runId !== plan.runId) {
    throw new UnitrainError("OUTPUT_UNUSABLE", `${path} belongs to another run and was not replaced.`);
  }
  await replaceFile(path, text, 0o666);
}

/** Creates the error for resources that are gone although the ledger still lists them, because it could not be written. */
function createUnrecordedReleaseError(run: FinishingRun): UnitrainError {
  const reason = run.lease.ledger.state.unconfirmedReason ?? "";
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `${run.provider.name} has confirmed that all resources are gone, but this could not be recorded: ${reason}`,
    {
      hint: "Free some disk space and release again to clear the record.",
      action: { type: "release" },
      phase: "teardown",
      cause: run.failures[0],
    },
  );
}

/** Creates the run's error. Resources that may still cost money come first, because that is the most important error. */
function createOutcomeError(run: FinishingRun, receipt: Receipt): UnitrainError | undefined {
  const { release, unconfirmed, priceUsdPerHour } = receipt.lease;
  if (release === "release-unconfirmed") {
    const unproven = unconfirmed.filter((resource) => !isProven(run, resource));
    if (unproven.length === 0) return createUnrecordedReleaseError(run);
    const names = unproven.map(
      ({ kind, name, id }) => `${kind} ${name}${id === undefined ? "" : ` (${id})`}`,
    );
    const costs = unproven.some(({ free }) => free !== true);
    const cost = costs ? `, and perhaps costing $${priceUsdPerHour} an hour` : ", but free";
    const { unconfirmedReason } = run.lease.ledger.state;
    const reason = unconfirmedReason === undefined ? "" : ` (${unconfirmedReason})`;
    return new UnitrainError(
      "RELEASE_UNCONFIRMED",
      `Not confirmed gone${cost}: ${names.join(", ")}${reason}.`,
      {
        hint: `Terminate it by hand at ${run.provider.name}, or release it again until it is confirmed.`,
        action: { type: "release" },
        phase: "teardown",
        cause: run.failures[0],
      },
    );
  }
  if (receipt.error === undefined) return undefined;
  return run.failures[0] ?? new UnitrainError(receipt.error.code, receipt.error.message, receipt.error);
}
