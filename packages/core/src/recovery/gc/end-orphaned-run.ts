import type { GcOptions } from "../../api/gc-report.ts";
import { startController } from "../../run/controller.ts";
import { endRun, releaseRun } from "../../run/end-run.ts";
import { holdsTraining } from "../../run/holds-training.ts";
import type { TakenRun } from "../../run/take-over.ts";
import type { LockedRun } from "../../run/take-run.ts";
import { formatMinutes, type Resource, UnitrainError } from "../../spec/index.ts";
import { findCurrentLease } from "../../state/run-leases.ts";
import type { Clock } from "../../time/clock.ts";
import { settleWithin } from "../../time/settle-within.ts";
import type { Driven } from "./list-trainings.ts";
import { showTeardown } from "./show-teardown.ts";

/** Enough to download the results of a training. A hanging download must not keep a rented machine for longer. */
const defaultDownloadWithinMs = 10 * 60_000;
/** How long to wait for the last status messages. An events file may be on a hanging disk. */
const statusDrainMs = 1_000;

export interface EndOptions extends GcOptions {
  readonly clock: Clock;
  /** Takes over a run to release it. Releases the run's locks if that fails. */
  readonly takeOver: (locked: LockedRun) => Promise<TakenRun>;
}

/**
 * Stops a run that no process drives, downloads its files and releases its machine, or only releases the machine. Resources that
 * are confirmed gone are added to `proven`.
 */
export async function endOrphanedRun(
  options: EndOptions,
  locked: LockedRun,
  proven: Resource[],
): Promise<Driven> {
  const { found } = locked;
  const { clock, signal, showStatus = () => {}, downloadWithinMs = defaultDownloadWithinMs } = options;
  const { blockedBy, ...takenRun } = await options.takeOver(locked);
  const downloads =
    holdsTraining(found.reading.state, findCurrentLease(found)?.state) &&
    options.trainings !== "discard" &&
    !signal?.aborted;
  // The model can be downloaded even if the ledger cannot be written.
  const canDownload = blockedBy === undefined || blockedBy.code === "LEDGER_UNWRITABLE";
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
      reason: blockedBy?.message ?? failure?.message,
      lostBecause: blockedBy?.message ?? first?.message,
    };
  } finally {
    signal?.removeEventListener("abort", releaseNow);
    await settleWithin(clock, statusDrainMs, shown);
  }
}
