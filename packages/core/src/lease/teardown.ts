import { rm } from "node:fs/promises";
import { type ActiveRun, emit, inPhase } from "../run/active-run.ts";
import { environmentJobId, remoteLayout, setupJobId, trainingJobId } from "../run/remote-layout.ts";
import { holdsMachine, keepMachine } from "./keep.ts";
import { isProven, type LeaseToRelease, noteReleasing, releaseLease } from "./release.ts";

const cleanUpPatienceMs = 15_000;

/**
 * Releases the machine. Always runs, under its own time: nobody's abort signal is in here. What is paid for is released
 * first of all: a disk, a connection or an events file that hangs must not keep it running.
 */
export async function teardown(
  run: ActiveRun,
  options: { readonly keepRemoteFiles: boolean; readonly mayKeepMachine?: boolean },
): Promise<void> {
  await inPhase(run, "teardown", async () => {
    // Another run may hold it by now.
    if (!holdsMachine(run)) return run.link.close();
    if (options.mayKeepMachine && run.plan.keepMinutes !== undefined && (await keep(run))) return;
    await noteReleasing(run);
    if (run.provider.ownership === "borrowed" && !options.keepRemoteFiles) await cleanUp(run);
    await Promise.all([releaseLease(toRelease(run)), run.link.close()]);
    // What may be there still must be reached still.
    if (run.lease.ledger.state.unreleased.every((resource) => isProven(run, resource)))
      await rm(run.lease.folder.keys, { recursive: true, force: true }).catch(() => {});
  });
}

/** Nothing of the run stays on a machine that the next one takes. */
async function keep(run: ActiveRun): Promise<boolean> {
  await cleanUp(run);
  if (!(await keepMachine(run))) return false;
  await run.link.close();
  return true;
}

/** Removes what is ours on a machine that stays. What cannot be removed is not a fault of the run, but said. */
async function cleanUp(run: ActiveRun): Promise<void> {
  const { facts } = run.ledger.state;
  if (facts === undefined) return;
  const { runId } = run.plan;
  const layout = remoteLayout(facts, runId);
  const signal = new AbortController().signal;
  const call = { phase: "teardown" as const, timeoutMs: 120_000, patienceMs: cleanUpPatienceMs, signal };
  try {
    // A job that was about to start when everything ended may run all the same.
    const preparing = run.plan.setup === undefined ? [] : [setupJobId(runId)];
    const jobs = [
      trainingJobId(runId, Math.max(1, run.ledger.state.attempt)),
      environmentJobId(runId),
      ...preparing,
    ];
    for (const id of jobs) {
      await run.link.use({ ...call, method: "stop" }, (session, context) => session.stop(id, 1_000, context));
    }
    // Output that is not here yet is all of it that is kept.
    const { leftBehind } = run.ledger.state;
    const ofRun =
      leftBehind === undefined
        ? [layout.run]
        : [layout.data, layout.environmentJob, `${layout.run}/snapshot`];
    for (const path of [...ofRun, ...jobs.map(layout.job)]) {
      await run.link.use({ ...call, method: "remove" }, (session, context) => session.remove(path, context));
    }
  } catch (error) {
    const { message } = run.assembly.sanitizer.maskError(error);
    await emit(run, {
      type: "warning",
      phase: "teardown",
      message: `Our files on the machine could not be removed: ${message}`,
      hint: `They lie in ${layout.run}.`,
    });
  }
}

/** The run's own lease, whose release is shown among the run's events. */
export function toRelease(run: ActiveRun): LeaseToRelease {
  const { clock, lease, provider, assembly, proven } = run;
  return {
    runId: run.plan.runId,
    clock,
    lease,
    provider,
    assembly,
    proven,
    showRelease: (message) => emit(run, { type: "status", phase: "teardown", message }),
  };
}
