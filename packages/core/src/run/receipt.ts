import { paidSoFarUsd } from "../money/cost.ts";
import type { Outcome, PhaseTime, Progress, Receipt } from "../spec/index.ts";
import { outputFolderOf } from "./output-folder.ts";
import type { RunScope } from "./scope.ts";

/** Put together from ledger and events alone, so that it is whole also when several processes took part. */
export async function makeReceipt(run: RunScope, outcome: Outcome): Promise<Receipt> {
  const { plan, clock } = run;
  const { state } = run.ledger;
  const startedAt = state.startedAt ?? plan.createdAt;
  const endedAt = new Date(clock.now()).toISOString();
  const { phases, last } = await fromEvents(run, Date.parse(startedAt));
  return {
    receiptVersion: "v1",
    runId: plan.runId,
    name: plan.name,
    outcome,
    ...(outcome === "stopped" ? { stoppedBy: state.stoppedBy ?? "user" } : {}),
    ...(state.error === undefined ? {} : { error: state.error }),
    job: plan.job,
    startedAt,
    endedAt,
    machine: plan.quote.machine,
    ...(state.environment?.versions === undefined ? {} : { versions: state.environment.versions }),
    phases,
    data: {
      files: plan.data.files,
      bytes: plan.data.bytes,
      sentBytes: state.shipped?.sentBytes ?? 0,
      reusedBytes: state.shipped?.reusedBytes ?? 0,
    },
    ...(last === undefined
      ? {}
      : { epochs: { done: last.done, ...(last.total === undefined ? {} : { total: last.total }) } }),
    metrics: last?.metrics ?? {},
    artifacts: state.artifacts ?? [],
    out: outputFolderOf(plan, state),
    lease: leaseOf(run, endedAt),
  };
}

function leaseOf(run: RunScope, endedAt: string): Receipt["lease"] {
  const { state } = run.ledger;
  const { quote } = run.plan;
  const rented = run.provider.ownership === "rented";
  return {
    ownership: run.provider.ownership,
    release: !rented ? "nothing-paid" : state.unreleased.length === 0 ? "released" : "release-unconfirmed",
    proofs: state.proofs,
    unconfirmed: state.unreleased,
    priceUsdPerHour: quote.priceUsdPerHour,
    costUsd: paidSoFarUsd(state, quote, Date.parse(endedAt)),
  };
}

async function fromEvents(
  run: RunScope,
  start: number,
): Promise<{ phases: PhaseTime[]; last: Progress | undefined }> {
  const phases: PhaseTime[] = [];
  // A phase that another process went on with began when the first one began it: all of it was paid.
  const began = new Map<string, number>();
  let last: Progress | undefined;
  for await (const event of run.events.past()) {
    if (event.type === "phase") {
      const at = Date.parse(event.at);
      if (event.state === "started") {
        if (!began.has(event.phase)) began.set(event.phase, at);
        continue;
      }
      const since = Math.min(began.get(event.phase) ?? at, at - event.seconds * 1000);
      began.delete(event.phase);
      phases.push({
        phase: event.phase,
        startedSeconds: rounded((since - start) / 1000),
        seconds: rounded((at - since) / 1000),
      });
    } else if (event.type === "progress" && event.complete) {
      const { unit, done, total, complete, metrics } = event;
      last = { unit, done, complete, metrics, ...(total === undefined ? {} : { total }) };
    }
  }
  return { phases, last };
}

function rounded(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000) / 1000);
}
