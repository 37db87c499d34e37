import { rm } from "node:fs/promises";
import { callAdapter } from "../adapter/border.ts";
import type { Resource } from "../spec/index.ts";
import { environmentJobId, remoteLayout, trainingJobId } from "./remote-layout.ts";
import { emit, inPhase, ofRun, type RunScope } from "./scope.ts";

/** In all; what is not confirmed by then is for `gc`. */
const releasePatienceMs = 10 * 60_000;
const releaseTimeoutMs = 3 * 60_000;
const tidyPatienceMs = 15_000;

/** Gives the machine back. Always runs, under its own time: nobody's abort signal is in here. */
export async function teardown(run: RunScope, options: { readonly keepRemoteFiles: boolean }): Promise<void> {
  await inPhase(run, "teardown", async () => {
    // The ledger of a full disk must not keep the machine running.
    await run.ledger.append({ type: "releasing" }).catch(() => {});
    if (run.provider.ownership === "borrowed" && !options.keepRemoteFiles) await tidy(run);
    await run.link.close();
    await release(run);
    const { releaseUnconfirmed } = run.ledger.state;
    if (!releaseUnconfirmed)
      await rm(run.folder.lease(run.leaseId), { recursive: true, force: true }).catch(() => {});
  });
}

/** Removes what is ours on a machine that stays. What cannot be removed is no fault of the run, but said. */
async function tidy(run: RunScope): Promise<void> {
  const { facts } = run.ledger.state;
  if (facts === undefined) return;
  const { runId } = run.plan;
  const layout = remoteLayout(facts, runId);
  const signal = new AbortController().signal;
  const call = { phase: "teardown" as const, timeoutMs: 120_000, patienceMs: tidyPatienceMs, signal };
  try {
    // A job that was about to start when everything ended may run all the same.
    for (const id of [trainingJobId(runId, 1), environmentJobId(runId)]) {
      await run.link.use({ ...call, method: "stop" }, (session, context) => session.stop(id, 1_000, context));
    }
    for (const path of [
      layout.run,
      layout.job(trainingJobId(runId, 1)),
      layout.job(environmentJobId(runId)),
    ]) {
      await run.link.use({ ...call, method: "remove" }, (session, context) => session.remove(path, context));
    }
  } catch (error) {
    const { message } = run.assembly.gate.error(error);
    await emit(run, {
      type: "warning",
      phase: "teardown",
      message: `Our files on the machine could not be removed: ${message}`,
      hint: `They lie in ${layout.run}.`,
    });
  }
}

/** Until the provider confirms each thing gone, again and again; then, or when time is up, it is written down. */
async function release(run: RunScope): Promise<void> {
  const { clock, ledger, provider } = run;
  const begin = clock.now();
  let waitMs = 1_000;
  let reason = "";
  while (ledger.state.unreleased.length > 0) {
    reason = await releaseOnce(run, ledger.state.unreleased);
    if (ledger.state.unreleased.length === 0) break;
    if (clock.now() - begin > releasePatienceMs) break;
    await emit(run, {
      type: "status",
      phase: "teardown",
      message: `${provider.name} has not confirmed yet: ${reason}`,
    });
    await clock.wait(waitMs);
    waitMs = Math.min(waitMs * 2, 30_000);
  }
  const left = ledger.state.unreleased;
  if (left.length === 0) return;
  await ledger.append({ type: "release-unconfirmed", resources: left, reason }).catch(() => {});
  await emit(run, {
    type: "warning",
    phase: "teardown",
    message: `Not confirmed gone, and perhaps costing money: ${left.map(nameOf).join(", ")} (${reason}).`,
    hint: `Run \`unitrain gc\` until it is; or end it by hand at ${provider.name}.`,
  });
}

/** One try; answers why something is left. */
async function releaseOnce(run: RunScope, resources: readonly Resource[]): Promise<string> {
  const call = {
    phase: "teardown" as const,
    adapter: `${run.provider.name}.release`,
    timeoutMs: releaseTimeoutMs,
  };
  try {
    const proofs = await callAdapter(run.assembly.border, call, (context) =>
      run.provider.release(resources, { ...context, ...ofRun(run) }),
    );
    // Names and ids stay as they are: a masked one could never be matched again.
    const said = proofs.map((proof) => ({ ...proof, evidence: run.assembly.gate.text(proof.evidence) }));
    if (said.length > 0) await run.ledger.append({ type: "released", proofs: said });
    return "no proof of it was given";
  } catch (error) {
    return run.assembly.gate.error(error).message;
  }
}

function nameOf(resource: Resource): string {
  return `${resource.kind} ${resource.name}${resource.id === undefined ? "" : ` (${resource.id})`}`;
}
