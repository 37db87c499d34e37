import { callAdapter } from "../adapters/boundary.ts";
import { type ActiveRun, emit, inPhase, ofRun } from "../run/active-run.ts";
import { type Resource, UnitrainError } from "../spec/index.ts";
import { makeKeysFolder } from "./active-lease.ts";
import { releaseOnce } from "./release.ts";
import { getResources } from "./resources.ts";
import { toRelease } from "./teardown.ts";

const identityTimeoutMs = 60_000;
const leaseTimeoutMs = 20 * 60_000;
/** So long a paid call in flight may take to end once the machine is unwanted; longer than any request. */
const stopPatienceMs = 3 * 60_000;
/** A provider that sees that the machine is unwanted returns within this time, and then everything is released as usual. */
const releaseEarlyAfterMs = 5_000;

/**
 * Rents the machine. When the user does not want it any more, a paid call in flight is still let end, since otherwise
 * nobody knows what it made; but what has an id by then is released beside it.
 */
export async function lease(run: ActiveRun): Promise<void> {
  const { provider } = run;
  const { ledger, isNew } = run.lease;
  if (ledger.state.isLeased) return;
  if (!isNew && provider.ownership === "rented") {
    throw new UnitrainError(
      "LEASE_FAILED",
      "The process that was renting the machine died before it was done.",
      {
        hint: "What it may have rented is released now; start again.",
        retryable: true,
      },
    );
  }
  await inPhase(run, "lease", async () => {
    run.stopSignal.throwIfAborted();
    const publicKey = await makeIdentity(run);
    const stopping = untilStopped(run);
    const call = {
      phase: "lease" as const,
      adapter: `${provider.name}.lease`,
      timeoutMs: leaseTimeoutMs,
      signal: stopping.timeIsUp,
    };
    try {
      await callAdapter(run.assembly.boundary, call, (context) =>
        provider.lease(run.plan.quote, {
          ...context,
          ...ofRun(run),
          ...(publicKey === undefined ? {} : { publicKey }),
          record: (resource) => record(run, resource, stopping.timeIsUp),
          stopSignal: run.stopSignal,
        }),
      );
    } finally {
      stopping.end();
    }
    await ledger.append({ type: "leased" });
  });
  run.stopSignal.throwIfAborted();
}

/** What happens beside `lease` once the machine is unwanted. */
function untilStopped(run: ActiveRun): { readonly timeIsUp: AbortSignal; end(): void } {
  const { clock, stopSignal } = run;
  const timeIsUp = new AbortController();
  const over = new AbortController();
  const release = async () => {
    await clock.wait(releaseEarlyAfterMs, over.signal);
    while (!over.signal.aborted) {
      const identified = getResources(run.lease).filter(({ id }) => id !== undefined);
      if (identified.length > 0) await releaseOnce(toRelease(run), identified);
      await clock.wait(releaseEarlyAfterMs, over.signal);
    }
  };
  const begin = () => {
    void release().catch(() => {});
    void clock.wait(stopPatienceMs, over.signal).then(
      () => timeIsUp.abort(stopSignal.reason),
      () => {},
    );
  };
  if (stopSignal.aborted) begin();
  else stopSignal.addEventListener("abort", begin, { once: true });
  return {
    timeIsUp: timeIsUp.signal,
    end() {
      stopSignal.removeEventListener("abort", begin);
      over.abort(new UnitrainError("CANCELLED", "Renting has ended."));
    },
  };
}

async function makeIdentity(run: ActiveRun): Promise<string | undefined> {
  const { transport } = run;
  await makeKeysFolder(run.lease.folder);
  if (transport.identity === undefined) return undefined;
  const call = {
    phase: "lease" as const,
    adapter: `${transport.name}.identity`,
    timeoutMs: identityTimeoutMs,
    signal: run.stopSignal,
  };
  const identity = await callAdapter(run.assembly.boundary, call, (context) =>
    transport.identity?.({ ...context, ...ofRun(run) }),
  );
  return identity?.publicKey;
}

/** Written down before and after each paid call. Only what carries this lease's name is ours to end later. */
async function record(run: ActiveRun, resource: Resource, timeIsUp: AbortSignal): Promise<void> {
  if (resource.onRelease === "delete" && !resource.name.includes(run.lease.id)) {
    throw new UnitrainError(
      "INVALID_ADAPTER",
      `The ${resource.kind} "${resource.name}" does not carry the lease's name.`,
      {
        hint: `Names of everything paid contain "${run.lease.id}", so that another process finds them.`,
        adapter: `${run.provider.name}.lease`,
      },
    );
  }
  const recordedAt = new Date(run.clock.now()).toISOString();
  const { ledger } = run.lease;
  const wasPaidBefore = ledger.state.paidSince !== undefined;
  await ledger.append({ type: "resource", resource: { ...resource, recordedAt } });
  const since = ledger.state.paidSince;
  if (!wasPaidBefore && since !== undefined) await emit(run, { type: "billing", state: "started", since });
  // Written down all the same, for what it may have made; but whoever was left behind asks for nothing more.
  timeIsUp.throwIfAborted();
}
