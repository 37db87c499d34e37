import { verifyData } from "../../plan/check-data.ts";
import type { MachineFacts } from "../../spec/index.ts";
import { type ActiveRun, emit, runPhase } from "../active-run.ts";
import { remoteLayout } from "../remote-layout.ts";

/** No deadline of its own: a slow line is not a fault. A dead one is noticed by the transport. */
const shipTimeoutMs = 7 * 24 * 3600_000;
const tellEveryMs = 250;

/** Brings the dataset to the machine. Resolves with the run's own view of it there. */
export async function ship(run: ActiveRun, facts: MachineFacts, signal: AbortSignal): Promise<string> {
  const recorded = run.ledger.state.shipped;
  if (recorded !== undefined) return recorded.target;
  return runPhase(run, "ship", async () => {
    const { manifest, digest, files, bytes } = run.shipment ?? (await verifyData(run, signal));
    const target = remoteLayout(facts, run.plan.runId).data;
    let lastReportMs = Number.NEGATIVE_INFINITY;
    const shipped = await run.link.use(
      { phase: "ship", method: "ship", timeoutMs: shipTimeoutMs, signal },
      (session, context) =>
        session.ship({ manifest, digest, files, bytes, target }, context, (done) => {
          if (run.clock.now() - lastReportMs < tellEveryMs && done.bytes < done.totalBytes) return;
          lastReportMs = run.clock.now();
          void emit(run, { type: "ship", ...done });
        }),
    );
    await run.ledger.append({ type: "shipped", target, ...shipped });
    await emit(run, { type: "shipped", ...shipped });
    return target;
  });
}
