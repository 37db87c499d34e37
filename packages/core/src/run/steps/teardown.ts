import { rm } from "node:fs/promises";
import { emit } from "../../journal/reporter.ts";
import { type EndedRun, holdsMachine, keepMachine } from "../../lease/keep.ts";
import { isProven, recordReleasing, releaseLease } from "../../lease/release.ts";
import type { Plan } from "../../spec/index.ts";
import { createLeaseToRelease, type ReleasingRun } from "../lease-to-release.ts";
import type { MachineLink } from "../link/link.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import { getEnvironmentJobId, getRemoteLayout, getSetupJobId, getTrainingJobId } from "../remote-layout.ts";

/** What it takes to end a run: to keep or release its machine, and to remove its files from it. */
export type EndingRun = EndedRun &
  ReleasingRun &
  PhaseReporter & {
    readonly link: Pick<MachineLink, "use" | "close">;
    readonly plan: Pick<Plan, "setup">;
  };

const cleanUpPatienceMs = 15_000;

/**
 * Releases the machine. It always runs and has its own timeouts; no caller's abort signal applies. Rented resources are released
 * first, because a hanging disk, connection or events file must not keep them running.
 */
export async function teardown(
  run: EndingRun,
  options: { readonly keepRemoteFiles: boolean; readonly mayKeepMachine?: boolean },
): Promise<void> {
  await runPhase(run, "teardown", async () => {
    // Another run may hold the machine by now.
    if (!holdsMachine(run)) return run.link.close();
    if (options.mayKeepMachine && run.plan.keepMinutes !== undefined && (await keep(run))) return;
    await recordReleasing(run);
    if (run.provider.ownership === "borrowed" && !options.keepRemoteFiles) await cleanUp(run);
    await Promise.all([releaseLease(createLeaseToRelease(run)), run.link.close()]);
    // The keys are needed as long as a resource may still exist.
    if (run.lease.ledger.state.unreleased.every((resource) => isProven(run, resource)))
      await rm(run.lease.folder.keys, { recursive: true, force: true }).catch(() => {});
  });
}

/** Removes the run's files and keeps the machine for the next run. Returns false if it cannot be kept. */
async function keep(run: EndingRun): Promise<boolean> {
  await cleanUp(run);
  if (!(await keepMachine(run))) return false;
  await run.link.close();
  return true;
}

/** Removes our files from a machine that is not terminated. A failure is only a warning, because the run itself succeeded. */
async function cleanUp(run: EndingRun): Promise<void> {
  const { facts } = run.ledger.state;
  if (facts === undefined) return;
  const { runId } = run.plan;
  const layout = getRemoteLayout(facts, runId);
  const signal = new AbortController().signal;
  const call = { phase: "teardown" as const, timeoutMs: 120_000, patienceMs: cleanUpPatienceMs, signal };
  try {
    // A job that was just starting when the run ended may be running.
    const preparing = run.plan.setup === undefined ? [] : [getSetupJobId(runId)];
    const jobs = [
      getTrainingJobId(runId, Math.max(1, run.ledger.state.attempt)),
      getEnvironmentJobId(runId),
      ...preparing,
    ];
    for (const id of jobs) {
      await run.link.use({ ...call, method: "stop" }, (session, context) => session.stop(id, 1_000, context));
    }
    // Output that was not downloaded is kept; everything else of the run is removed.
    const { leftBehind } = run.ledger.state;
    const ofRun =
      leftBehind === undefined
        ? [layout.run]
        : [layout.data, layout.environmentJob, `${layout.run}/snapshot`];
    for (const path of [...ofRun, ...jobs.map(layout.job)]) {
      await run.link.use({ ...call, method: "remove" }, (session, context) => session.remove(path, context));
    }
  } catch (error) {
    const { message } = run.sanitizer.maskError(error);
    await emit(run, {
      type: "warning",
      phase: "teardown",
      message: `Cannot remove the run's files from the machine: ${message}`,
      hint: `Remove ${layout.run} by hand.`,
    });
  }
}
