import { createLogTail } from "../follow/log-tail.ts";
import { UnitrainError } from "../spec/index.ts";
import type { ActiveRun } from "./active-run.ts";
import { downloadAtEnd, type Ending, recordFailure } from "./execute-run.ts";
import { holdsTraining, losesTraining } from "./holds-training.ts";
import { assertJobSucceeded } from "./steps/assert-job-succeeded.ts";
import { finish } from "./steps/finish.ts";
import { teardown } from "./steps/teardown.ts";
import { type JobEnd, train } from "./steps/train.ts";

/** Ends a run that has no controller: stops its job, downloads its files, and releases the machine even if that failed. */
export async function endRun(run: ActiveRun): Promise<Ending> {
  const { starting } = run.ledger.state;
  if (!holdsTraining(run.ledger.state, run.lease.ledger.state) || starting === undefined)
    return releaseRun(run);
  let end: JobEnd = { state: "lost", tail: createLogTail(), searchText: "" };
  try {
    end = await train(run, starting);
  } catch (error) {
    await recordFailure(run, error);
  }
  try {
    // The model is downloaded even if following the job failed, for example because the local log could not be written.
    run.deadlineSignal.throwIfAborted();
    await downloadAtEnd(run, starting, end);
    if (run.failures.length === 0) await assertJobSucceeded(run, starting.input, end);
  } catch (error) {
    await recordFailure(run, error);
  }
  return releaseAndFinish(run);
}

/** Releases the machine at once. Files that were not downloaded are lost. */
export async function releaseRun(run: ActiveRun): Promise<Ending> {
  const { state } = run.ledger;
  if (state.outcome === undefined && state.error === undefined) {
    const lost = losesTraining(state) ? " Files that were not downloaded are lost." : "";
    const message = `The process that drove this run died, and its machine was released.${lost}`;
    await recordFailure(run, new UnitrainError("CANCELLED", message, { hint: "Start again." }));
  }
  return releaseAndFinish(run);
}

async function releaseAndFinish(run: ActiveRun): Promise<Ending> {
  await teardown(run, { keepRemoteFiles: true });
  return finish(run);
}
