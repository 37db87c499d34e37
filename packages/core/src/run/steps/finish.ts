import { join } from "node:path";
import type { RunResult } from "../../api.ts";
import { isProven } from "../../lease/release.ts";
import { createReceipt } from "../../money/receipt.ts";
import { getOutputFolder } from "../../output/get-output-folder.ts";
import { type ErrorReport, type Outcome, type Receipt, UnitrainError } from "../../spec/index.ts";
import { withinFileSystemTimeout } from "../../state/bounded.ts";
import { readPlainFile } from "../../state/read-plain-file.ts";
import { replaceFile } from "../../state/write-file.ts";
import { type ActiveRun, emit, recordFact } from "../active-run.ts";
import { endOutputReservation } from "../output-folder.ts";

/** A run that is over. `error` is what `result` rejects with. */
export interface Finish extends RunResult {
  readonly error: UnitrainError | undefined;
}

/** Writes the receipt, here and beside the model, and the run's last event. */
export async function finish(run: ActiveRun): Promise<Finish> {
  // Also where the training's end was never seen, and so nothing was downloaded.
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

async function writeReceipt(run: ActiveRun, receipt: Receipt): Promise<void> {
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  try {
    await replaceFile(run.folder.receipt, text);
    if (receipt.artifacts.length === 0) return;
    // Beside the model it is the user's file like any other.
    const beside = join(getOutputFolder(run.plan, run.ledger.state), "receipt.json");
    await withinFileSystemTimeout(replaceBeside(run, beside, text));
  } catch (error) {
    const { message } = run.assembly.sanitizer.maskError(error);
    await emit(run, {
      type: "warning",
      phase: "teardown",
      message: `The receipt could not be written: ${message}`,
    });
  }
}

/** A run that is released late may find its folder in the hands of another one: that one's receipt stays. */
async function replaceBeside({ plan }: ActiveRun, path: string, text: string): Promise<void> {
  const found = plan.overwrites === true ? undefined : await readPlainFile(path).catch(() => undefined);
  if (found !== undefined && (JSON.parse(found) as Partial<Receipt>).runId !== plan.runId) {
    throw new UnitrainError("OUTPUT_UNUSABLE", `${path} is of another run, and stays.`);
  }
  await replaceFile(path, text, 0o666);
}

/** Nothing costs any more, but the record says that it may. */
function unwritten(run: ActiveRun): UnitrainError {
  const reason = run.lease.ledger.state.unconfirmedReason ?? "";
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `${run.provider.name} has confirmed that all of it is gone, but that could not be written down: ${reason}`,
    {
      hint: "Free some disk space and release once more: that clears the record.",
      action: { type: "release" },
      phase: "teardown",
      cause: run.failures[0],
    },
  );
}

/** Money first: that something may go on costing is worse news than any other. One message for all of it. */
function createOutcomeError(run: ActiveRun, receipt: Receipt): UnitrainError | undefined {
  const { release, unconfirmed, priceUsdPerHour } = receipt.lease;
  if (release === "release-unconfirmed") {
    const unproven = unconfirmed.filter((resource) => !isProven(run, resource));
    if (unproven.length === 0) return unwritten(run);
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
