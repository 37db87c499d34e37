import { callAdapter } from "../../adapters/boundary.ts";
import { emit, type Reporter } from "../../journal/reporter.ts";
import { makeKeysFolder } from "../../lease/active-lease.ts";
import { releaseOnce } from "../../lease/release.ts";
import { getResources } from "../../lease/resources.ts";
import { type Plan, type Resource, type Transport, UnitrainError } from "../../spec/index.ts";
import { createLeaseToRelease, type ReleasingRun } from "../lease-to-release.ts";
import { createRunContext, type LeasedMachine } from "../link/leased-machine.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import type { RunSignals } from "../signals.ts";

/** What it takes to rent a machine, and to release it when the run is stopped meanwhile. */
export type RentingRun = ReleasingRun &
  PhaseReporter &
  Pick<RunSignals, "stopSignal"> & {
    readonly plan: Pick<Plan, "quote" | "keepMinutes">;
    readonly transport: Pick<Transport, "name" | "identity">;
  };

const identityTimeoutMs = 60_000;
const leaseTimeoutMs = 20 * 60_000;
/** How long a rental request in flight may take after the run was stopped. This is longer than any single request. */
const stopPatienceMs = 3 * 60_000;
/** A provider that observes `stopSignal` returns within this time, and then everything is released as usual. */
const releaseEarlyAfterMs = 5_000;

/**
 * Rents the machine. When the user stops the run, a rental request in flight may still finish, because otherwise it would be
 * unknown what it created. Resources that already have an id are released in the meantime.
 */
export async function lease(run: RentingRun): Promise<void> {
  const { provider } = run;
  const { ledger, isNew } = run.lease;
  if (ledger.state.isLeased) return;
  if (!isNew && provider.ownership === "rented") {
    throw new UnitrainError(
      "LEASE_FAILED",
      "The process that was renting the machine died before it finished.",
      {
        hint: "Start again. Anything it may have rented is being released now.",
        retryable: true,
      },
    );
  }
  await runPhase(run, "lease", async () => {
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
      await callAdapter(run.boundary, call, (context) =>
        provider.lease(run.plan.quote, {
          ...context,
          ...createRunContext(run),
          ...(publicKey === undefined ? {} : { publicKey }),
          ...getOwnDeadline(run),
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

/** Once the run is stopped, releases identified resources in parallel to `lease`, and aborts `timeIsUp` when it takes too long. */
function untilStopped(run: ReleasingRun & Pick<RunSignals, "stopSignal">): {
  readonly timeIsUp: AbortSignal;
  end(): void;
} {
  const { clock, stopSignal } = run;
  const timeIsUp = new AbortController();
  const over = new AbortController();
  const release = async () => {
    await clock.wait(releaseEarlyAfterMs, over.signal);
    while (!over.signal.aborted) {
      const identified = getResources(run.lease).filter(({ id }) => id !== undefined);
      if (identified.length > 0) await releaseOnce(createLeaseToRelease(run), identified);
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

/** A kept machine must outlive the run, so the provider must not end it. */
function getOwnDeadline({ lease, plan }: RentingRun): { readonly endsBy?: string } {
  const { deadline } = lease.ledger.state;
  return deadline === undefined || plan.keepMinutes !== undefined ? {} : { endsBy: deadline.endsBy };
}

async function makeIdentity(run: RentingRun): Promise<string | undefined> {
  const { transport } = run;
  await makeKeysFolder(run.lease.folder);
  if (transport.identity === undefined) return undefined;
  const call = {
    phase: "lease" as const,
    adapter: `${transport.name}.identity`,
    timeoutMs: identityTimeoutMs,
    signal: run.stopSignal,
  };
  const identity = await callAdapter(run.boundary, call, (context) =>
    transport.identity?.({ ...context, ...createRunContext(run) }),
  );
  return identity?.publicKey;
}

/** Records a resource before and after each paid call. Its name must contain the lease id, because only such resources are released later. */
async function record(
  run: Reporter & LeasedMachine,
  resource: Resource,
  timeIsUp: AbortSignal,
): Promise<void> {
  if (resource.onRelease === "delete" && !resource.name.includes(run.lease.id)) {
    throw new UnitrainError(
      "INVALID_ADAPTER",
      `The ${resource.kind} "${resource.name}" does not contain the lease id in its name.`,
      {
        hint: `Include "${run.lease.id}" in the name of every paid resource, so that another process can find it.`,
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
  // The resource is recorded even after the time is up, because it may exist. Then the provider must not request more.
  timeIsUp.throwIfAborted();
}
