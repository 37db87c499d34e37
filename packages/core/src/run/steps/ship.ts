import type { Recorder } from "../../journal/recorder.ts";
import { emit } from "../../journal/reporter.ts";
import type { HashedManifest } from "../../manifest/hash-manifest.ts";
import type { MachineFacts, Plan } from "../../spec/index.ts";
import type { Connected } from "../link/link.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import { getRemoteLayout } from "../remote-layout.ts";

/** Effectively no limit, because a slow connection is not an error. The transport detects a dead connection. */
const shipTimeoutMs = 7 * 24 * 3600_000;
const reportIntervalMs = 250;

/** What it takes to upload the dataset. */
export type ShippingRun = PhaseReporter &
  Connected &
  Pick<Recorder, "ledger"> & {
    readonly plan: Pick<Plan, "runId">;
    /** Returns the files of the dataset, once it is certain that they are those that were planned. */
    readonly getShipment: (signal: AbortSignal) => Promise<HashedManifest>;
  };

/** Uploads the dataset to the machine. Resolves with the folder in which the run finds it there. */
export async function ship(run: ShippingRun, facts: MachineFacts, signal: AbortSignal): Promise<string> {
  const recorded = run.ledger.state.shipped;
  if (recorded !== undefined) return recorded.target;
  return runPhase(run, "ship", async () => {
    const { manifest, digest, files, bytes } = await run.getShipment(signal);
    const target = getRemoteLayout(facts, run.plan.runId).data;
    let lastReportMs = Number.NEGATIVE_INFINITY;
    const shipped = await run.link.use(
      { phase: "ship", method: "ship", timeoutMs: shipTimeoutMs, signal },
      (session, context) =>
        session.ship({ manifest, digest, files, bytes, target }, context, (done) => {
          if (run.clock.now() - lastReportMs < reportIntervalMs && done.bytes < done.totalBytes) return;
          lastReportMs = run.clock.now();
          void emit(run, { type: "ship", ...done });
        }),
    );
    await run.ledger.append({ type: "shipped", target, ...shipped });
    await emit(run, { type: "shipped", ...shipped });
    return target;
  });
}
