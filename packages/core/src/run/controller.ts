import type { Assembly } from "../adapters/assembly.ts";
import type { Run, RunResult, StopOptions } from "../api/run.ts";
import { type EventStore, openEventStore } from "../follow/event-store.ts";
import type { ActiveLease } from "../lease/active-lease.ts";
import {
  armDeadline,
  createDeadlineError,
  createDownloadTimeoutError,
  createLimitReachedError,
} from "../lease/deadline.ts";
import type { HashedManifest } from "../manifest/hash-manifest.ts";
import { getOutputFolder } from "../output/get-output-folder.ts";
import { verifyData } from "../plan/check-data.ts";
import type { RunSecrets } from "../secrets/run-secrets.ts";
import { type Plan, type Provider, type Resource, type Transport, UnitrainError } from "../spec/index.ts";
import type { RunLedger } from "../state/ledger.ts";
import { createLocalDiskError } from "../state/local-disk.ts";
import type { LockSet } from "../state/lock-set.ts";
import { makeFolders } from "../state/make-folders.ts";
import type { RunFolder } from "../state/run-folder.ts";
import { settleWithin } from "../time/settle-within.ts";
import type { ActiveRun } from "./active-run.ts";
import { assertGuarded } from "./arm-guardian.ts";
import { type Ending, executeRun } from "./execute-run.ts";
import { createMachineLink } from "./machine-link.ts";
import { createPulls } from "./pulls.ts";
import { detached } from "./signals.ts";
import { watchRequests } from "./watch-requests.ts";

const defaultGraceMs = 30_000;
const closePatienceMs = 5_000;

export interface ControllerOptions {
  readonly plan: Plan;
  /** The lease of the newest attempt. */
  readonly lease: ActiveLease;
  readonly assembly: Assembly;
  readonly provider: Provider;
  readonly transport: Transport;
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
  const stopAbort = new AbortController();
  const detachAbort = new AbortController();
  const forceAbort = new AbortController();
  const deadlineAbort = new AbortController();
  let stoppedBy: "user" | "limit" = "user";
  let graceMs = defaultGraceMs;
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
    stopSignal: stopAbort.signal,
    detachSignal: detachAbort.signal,
    forceSignal: forceAbort.signal,
    deadlineSignal: deadlineAbort.signal,
    stoppedBy: () => stoppedBy,
    failures: [],
    proven,
    isCollected: stopWithinMs !== undefined,
    graceMs: () => graceMs,
    endPulls: pulls.end,
  };
  const end = ({ graceMs: requestedGraceMs, discard = false }: StopOptions = {}) => {
    graceMs = requestedGraceMs ?? (discard ? 0 : graceMs);
    if (stopAbort.signal.aborted) forceAbort.abort();
    stopAbort.abort(new UnitrainError("CANCELLED", "The run was stopped before the training started."));
    if (!discard || provider.ownership === "borrowed") return;
    // The entry is also for the process that continues the run if this one is killed now.
    ledger.append({ type: "failed", error: createDiscardedError().toJSON() }).catch(() => {});
    deadlineAbort.abort(createDiscardedError());
  };
  const aborted = () => end();
  if (options.signal?.aborted) end();
  options.signal?.addEventListener("abort", aborted, { once: true });
  const deadline = armDeadline(
    clock,
    ledger.state.outcome === undefined ? ledger.state.deadline : undefined,
    {
      stop: () => {
        if (stopAbort.signal.aborted || ledger.state.jobEnd !== undefined) return;
        stoppedBy = "limit";
        // The entry also tells the guardian, which kills a controller that misses its deadline.
        ledger.append({ type: "stopping", why: "limit" }).catch(() => {});
        stopAbort.abort(createLimitReachedError(plan.limit));
      },
      end: () => {
        // A borrowed machine costs nothing, so its run may take the time it needs to end.
        if (provider.ownership === "rented") deadlineAbort.abort(createDeadlineError());
      },
    },
  );
  const requests = watchRequests({ folder, sanitizer: run.sanitizer }, { stop: end, pull: pulls.pull });
  let stopTimer: { cancel(): void } | undefined;
  if (stopWithinMs !== undefined) {
    end();
    stopTimer = clock.after(stopWithinMs, () =>
      deadlineAbort.abort(createDownloadTimeoutError(stopWithinMs)),
    );
  }

  const ended = (async (): Promise<Ending> => {
    try {
      const ending = await driveRun(run);
      if (ending === detached) await events.emit({ type: "controller", state: "detached" });
      return ending;
    } finally {
      requests.cancel();
      deadline.cancel();
      stopTimer?.cancel();
      options.signal?.removeEventListener("abort", aborted);
      await run.link.close();
      await settleWithin(clock, closePatienceMs, events.close());
      await options.lock.release();
    }
  })();
  const result = ended.then((ending): RunResult => {
    if (ending === detached) {
      const [failure] = run.failures;
      if (failure !== undefined) throw failure;
      throw new UnitrainError("CANCELLED", "This process detached from the run; the training continues.", {
        hint: "Attach to download its results.",
        action: { type: "attach", run: plan.name },
      });
    }
    if (ending.error !== undefined) throw ending.error;
    return ending;
  });
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
      end(options);
      await over();
    },
    async detach() {
      await assertGuarded(run);
      detachAbort.abort(detached);
      await over();
    },
    pull: pulls.pull,
    async [Symbol.asyncDispose]() {
      if (!detachAbort.signal.aborted) end();
      await over();
    },
  };
}

function createDiscardedError(): UnitrainError {
  return new UnitrainError(
    "CANCELLED",
    "The machine was released at once. Files that were not downloaded are lost.",
  );
}

/** Opens the files into which a controller writes. */
export async function openRunFiles(assembly: Assembly, plan: Plan, folder: RunFolder): Promise<EventStore> {
  await makeFolders(folder.path, 0o700).catch((error) => {
    throw createLocalDiskError(folder.path, error);
  });
  return openEventStore({
    path: folder.events,
    log: folder.log,
    runId: plan.runId,
    now: assembly.ports.clock.now,
    mask: assembly.sanitizer.maskValue,
  });
}
