import type { HashedManifest } from "../../plan/hash-manifest.ts";
import { checkData } from "../../plan/make-plan.ts";
import { type MachineFacts, UnitrainError } from "../../spec/index.ts";
import { type ActiveRun, emit, inPhase } from "../active-run.ts";
import { remoteLayout } from "../remote-layout.ts";

/** No deadline of its own: a slow line is not a fault. A dead one is noticed by the transport. */
const shipTimeoutMs = 7 * 24 * 3600_000;
const tellEveryMs = 250;

/** Brings the dataset to the machine. Resolves with the run's own view of it there. */
export async function ship(run: ActiveRun, facts: MachineFacts, signal: AbortSignal): Promise<string> {
  const recorded = run.ledger.state.shipped;
  if (recorded !== undefined) return recorded.target;
  return inPhase(run, "ship", async () => {
    const shipment = run.shipment ?? (await sameData(run, signal));
    const target = remoteLayout(facts, run.plan.runId).data;
    let lastReportMs = Number.NEGATIVE_INFINITY;
    const shipped = await run.link.use(
      { phase: "ship", method: "ship", timeoutMs: shipTimeoutMs, signal },
      (session, context) =>
        session.ship({ ...shipment, target }, context, (done) => {
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

/** The dataset as it is now, which must be the one that was planned. */
export async function sameData(
  run: Pick<ActiveRun, "plan" | "assembly">,
  signal?: AbortSignal,
): Promise<HashedManifest> {
  const { shipment } = await checkData(run.assembly, run.plan.source, signal);
  if (shipment.digest === run.plan.data.digest) return shipment;
  throw new UnitrainError(
    "DATA_CHANGED",
    "The dataset, or what plugins make of it, is no longer what was planned.",
    {
      hint: "Plan again: nothing was started with the changed data.",
      phase: "ship",
    },
  );
}
