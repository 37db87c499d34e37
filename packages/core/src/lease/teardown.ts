import { rm } from "node:fs/promises";
import { callAdapter } from "../adapters/boundary.ts";
import { type ActiveRun, emit, inPhase, noteFact, ofRun } from "../run/active-run.ts";
import { environmentJobId, remoteLayout, setupJobId, trainingJobId } from "../run/remote-layout.ts";
import { type Resource, UnitrainError } from "../spec/index.ts";
import type { LedgerEntryBody } from "../state/ledger-entry.ts";
import { isSameResource } from "../state/ledger-state.ts";
import { settleWithin } from "../time/settle-within.ts";
import { getResources } from "./resources.ts";

/** In all; what is not confirmed by then is for `gc`. */
const releasePatienceMs = 10 * 60_000;
const releaseTimeoutMs = 3 * 60_000;
/** A key that was revoked does not come back, but one refusal may be a slip: so often in a row. */
const mostRefusals = 5;
const cleanUpPatienceMs = 15_000;
/** A record on a disk that hangs is not waited for. */
const recordPatienceMs = 5_000;

/**
 * Releases the machine. Always runs, under its own time: nobody's abort signal is in here. What is paid for is released
 * first of all: a disk, a connection or an events file that hangs must not keep it running.
 */
export async function teardown(
  run: ActiveRun,
  options: { readonly keepRemoteFiles: boolean },
): Promise<void> {
  await inPhase(run, "teardown", async () => {
    await settleWithin(run.clock, recordPatienceMs, run.ledger.append({ type: "releasing" }));
    if (run.provider.ownership === "borrowed" && !options.keepRemoteFiles) await cleanUp(run);
    await Promise.all([release(run), run.link.close()]);
    // What may be there still must be reached still.
    if (run.ledger.state.unreleased.every((resource) => isProven(run, resource)))
      await rm(run.folder.lease(run.leaseId), { recursive: true, force: true }).catch(() => {});
  });
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
    const jobs = [trainingJobId(runId, 1), environmentJobId(runId), ...preparing];
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

/** Until the provider confirms each thing gone, again and again; then, or when time is up, it is written down. */
async function release(run: ActiveRun): Promise<void> {
  const { clock, ledger, provider } = run;
  const begin = clock.now();
  let waitMs = 1_000;
  let reason = "";
  let refusals = 0;
  // What is proven gone is not asked for again, even when the proof cannot be written down.
  const listUnreleased = () => getResources(run).filter((resource) => !isProven(run, resource));
  while (listUnreleased().length > 0) {
    const answer = await releaseOnce(run, listUnreleased());
    reason = answer.reason;
    refusals = answer.isRefused ? refusals + 1 : 0;
    if (listUnreleased().length === 0 || clock.now() - begin > releasePatienceMs || refusals >= mostRefusals)
      break;
    const message = `${provider.name} has not confirmed yet: ${reason}`;
    await emit(run, { type: "status", phase: "teardown", message });
    await clock.wait(waitMs);
    waitMs = Math.min(waitMs * 2, 30_000);
  }
  const { unreleased } = ledger.state;
  if (unreleased.length === 0) return;
  await noteFact(run, { type: "release-unconfirmed", resources: unreleased, reason });
}

/** Whether the provider has confirmed in this process that it is gone; where that was written down, the ledger does not name it. */
export function isProven({ proven }: Pick<ActiveRun, "proven">, resource: Resource): boolean {
  return proven.some((gone) => isSameResource(gone, resource));
}

interface ReleaseAttempt {
  /** Why something is left. */
  readonly reason: string;
  /** The provider does not take the key. */
  readonly isRefused: boolean;
}

/** One try. What is confirmed gone is added to the run's `proven`. */
export async function releaseOnce(run: ActiveRun, resources: readonly Resource[]): Promise<ReleaseAttempt> {
  const call = {
    phase: "teardown" as const,
    adapter: `${run.provider.name}.release`,
    timeoutMs: releaseTimeoutMs,
  };
  let reason = "no proof of it was given";
  try {
    const proofs = await callAdapter(run.assembly.boundary, call, ({ showStatus, ...context }) =>
      run.provider.release(resources, {
        ...context,
        ...ofRun(run),
        showStatus: (message) => {
          reason = run.assembly.sanitizer.maskText(message);
          showStatus(message);
        },
      }),
    );
    for (const { resource } of proofs) run.proven.push(resource);
    // Names and ids stay as they are: a masked one could never be matched again.
    const masked = proofs.map((proof) => ({
      ...proof,
      evidence: run.assembly.sanitizer.maskText(proof.evidence),
    }));
    if (masked.length > 0) await appendWithin(run, { type: "released", proofs: masked });
    return { reason: reason, isRefused: false };
  } catch (error) {
    const { code, hint = "", message } = run.assembly.sanitizer.maskError(error);
    const isRefused = code === "PROVIDER_ACCESS";
    return { reason: isRefused ? `${message} ${hint}`.trim() : message, isRefused };
  }
}

/** A disk that hangs must not keep the rest from being released. */
async function appendWithin({ clock, ledger }: ActiveRun, entry: LedgerEntryBody): Promise<void> {
  let failure: unknown = new UnitrainError(
    "LEDGER_UNWRITABLE",
    "The disk of the run's ledger does not answer.",
  );
  const written = ledger.append(entry).then(
    () => {
      failure = undefined;
    },
    (error) => {
      failure = error;
    },
  );
  await settleWithin(clock, recordPatienceMs, written);
  if (failure !== undefined) throw failure;
}
