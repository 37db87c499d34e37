import type { Assembly } from "../adapters/assembly.ts";
import type { ProtectedAdapter } from "../adapters/protect.ts";
import type { Run, RunResult } from "../api/run.ts";
import type { EventStore } from "../follow/event-store.ts";
import type { ActiveLease } from "../lease/active-lease.ts";
import type { HashedManifest } from "../manifest/hash-manifest.ts";
import { getOutputFolder } from "../output/get-output-folder.ts";
import { verifyData } from "../plan/check-data.ts";
import type { RunSecrets } from "../secrets/run-secrets.ts";
import { type Plan, type Provider, type Resource, type Transport, UnitrainError } from "../spec/index.ts";
import type { RunLedger } from "../state/ledger.ts";
import type { LockSet } from "../state/lock-set.ts";
import type { RunFolder } from "../state/run-folder.ts";
import { settleWithin } from "../time/settle-within.ts";
import type { ActiveRun } from "./active-run.ts";
import { assertGuarded } from "./arm-guardian.ts";
import { type Ending, executeRun } from "./execute-run.ts";
import { createInterruptions } from "./interruptions.ts";
import { createMachineLink } from "./link/machine-link.ts";
import { createPulls } from "./pulls.ts";
import { detached } from "./signals.ts";
import { watchRequests } from "./watch-requests.ts";

const closePatienceMs = 5_000;

export interface ControllerOptions {
  readonly plan: Plan;
  /** The lease of the newest attempt. */
  readonly lease: ActiveLease;
  readonly assembly: Assembly;
  readonly provider: ProtectedAdapter<Provider>;
  readonly transport: ProtectedAdapter<Transport>;
  readonly folder: RunFolder;
  readonly ledger: RunLedger;
  /** The locks of the lease and the run. */
  readonly lock: LockSet;
  readonly events: EventStore;
  readonly shipment: HashedManifest | undefined;
  readonly resumed: boolean;
  readonly secrets: RunSecrets;
  readonly signal: AbortSignal | undefined;
}

/** How a controller drives the run if it is not to be driven to its own end. */
export interface ControllerDriveOptions {
  readonly driveRun?: (run: ActiveRun) => Promise<Ending>;
  /** If set, the training is stopped at once. This is the time limit for the stop and the download. */
  readonly stopWithinMs?: number;
  /** The list to which resources are added when they are confirmed gone. */
  readonly proven?: Resource[];
}

/** Starts to drive a run whose intent is on disk and whose locks this process holds. */
export function startController(
  options: ControllerOptions,
  { driveRun = executeRun, stopWithinMs, proven = [] }: ControllerDriveOptions = {},
): Run {
  const { plan, provider, folder, ledger, events } = options;
  const { clock } = options.assembly.ports;
  const interruptions = createInterruptions({
    plan,
    provider,
    ledger,
    clock,
    signal: options.signal,
    stopWithinMs,
  });
  const pulls = createPulls(
    () => run,
    () => over(),
  );
  let { lease } = options;
  let link = createMachineLink(() => run);
  const run: ActiveRun = {
    ...options.assembly,
    ...options,
    getShipment: async (signal) => options.shipment ?? verifyData(options, signal),
    get lease() {
      return lease;
    },
    get link() {
      return link;
    },
    useLease(next, lock) {
      if (lock !== undefined) options.lock.add(lock);
      lease = next;
      link = createMachineLink(() => run);
    },
    clock,
    ...interruptions.signals,
    stoppedBy: interruptions.stoppedBy,
    graceMs: interruptions.graceMs,
    failures: [],
    proven,
    isCollected: stopWithinMs !== undefined,
    endPulls: pulls.end,
  };
  const { sanitizer } = options.assembly;
  const requests = watchRequests({ folder, sanitizer, stop: interruptions.stop, pull: pulls.pull });
  const ended = (async (): Promise<Ending> => {
    try {
      const ending = await driveRun(run);
      if (ending === detached) await events.emit({ type: "controller", state: "detached" });
      return ending;
    } finally {
      requests.cancel();
      interruptions.cancel();
      await run.link.close();
      await settleWithin(clock, closePatienceMs, events.close());
      await options.lock.release();
    }
  })();
  const result = ended.then((ending) => toResult(ending, run));
  // A caller that ignores `result` must not be killed by an unhandled rejection.
  result.catch(() => {});

  const over = () =>
    ended.then(
      () => {},
      () => {},
    );
  return {
    id: plan.runId,
    name: plan.name,
    plan,
    role: "controller",
    get paths() {
      return { folder: folder.path, log: folder.log, out: getOutputFolder(plan, ledger.state) };
    },
    events: events.events,
    result,
    get isJobRunning() {
      return ledger.state.started && ledger.state.jobEnd === undefined;
    },
    async stop(options) {
      interruptions.stop(options);
      await over();
    },
    async detach() {
      await assertGuarded(run);
      interruptions.detach();
      await over();
    },
    pull: pulls.pull,
    async [Symbol.asyncDispose]() {
      if (!run.detachSignal.aborted) interruptions.stop();
      await over();
    },
  };
}

/** Returns the result of a run that is over. Throws if it failed, or if this process detached from it. */
function toResult(ending: Ending, { plan, failures }: Pick<ActiveRun, "plan" | "failures">): RunResult {
  if (ending === detached) {
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    throw new UnitrainError("CANCELLED", "This process detached from the run; the training continues.", {
      hint: "Attach to download its results.",
      action: { type: "attach", run: plan.name },
    });
  }
  if (ending.error !== undefined) throw ending.error;
  return ending;
}
