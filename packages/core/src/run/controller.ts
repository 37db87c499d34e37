import { rm } from "node:fs/promises";
import type { Assembly } from "../adapters/assembly.ts";
import type { Run, RunResult, StopOptions } from "../api.ts";
import { type EventStore, openEventStore } from "../follow/event-store.ts";
import { servePulls } from "../follow/pull-request.ts";
import { readStopRequest } from "../follow/stop-request.ts";
import type { ActiveLease } from "../lease/active-lease.ts";
import { assertGuarded } from "../lease/arm-guardian.ts";
import {
  armDeadline,
  createDeadlineError,
  createDownloadTimeoutError,
  createLimitReachedError,
} from "../lease/deadline.ts";
import type { HashedManifest } from "../manifest/hash-manifest.ts";
import { getOutputFolder } from "../output/get-output-folder.ts";
import {
  type Plan,
  type Provider,
  type Resource,
  type SavedFile,
  type Transport,
  UnitrainError,
} from "../spec/index.ts";
import type { RunLedger } from "../state/ledger.ts";
import { createLocalDiskError } from "../state/local-disk.ts";
import type { LockSet } from "../state/lock-set.ts";
import { makeFolders } from "../state/make-folders.ts";
import { readPlainFile } from "../state/read-plain-file.ts";
import type { RunFolder } from "../state/run-folder.ts";
import { settleWithin } from "../time/settle-within.ts";
import { type ActiveRun, detached } from "./active-run.ts";
import { type Ending, executeRun } from "./execute-run.ts";
import { createMachineLink } from "./machine-link.ts";
import { createPulls } from "./pulls.ts";

const defaultGraceMs = 30_000;
const requestPollMs = 500;
const closePatienceMs = 5_000;

export interface ControllerOptions {
  readonly plan: Plan;
  /** That of the newest attempt. */
  readonly lease: ActiveLease;
  readonly assembly: Assembly;
  readonly provider: Provider;
  readonly transport: Transport;
  readonly folder: RunFolder;
  readonly ledger: RunLedger;
  /** The locks of lease and run. */
  readonly lock: LockSet;
  readonly events: EventStore;
  readonly shipment: HashedManifest | undefined;
  readonly resumed: boolean;
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** Instead of going on with the run to its own end. */
export interface ControllerDriveOptions {
  readonly driveRun?: (run: ActiveRun) => Promise<Ending>;
  /** The training is stopped; so long it and the download may take. */
  readonly stopWithinMs?: number;
  /** What is confirmed gone is added to it. */
  readonly proven?: Resource[];
}

/** The one process that drives a run: its intent is on disk, its lock is held. */
export function startController(
  options: ControllerOptions,
  { driveRun = executeRun, stopWithinMs, proven = [] }: ControllerDriveOptions = {},
): Run {
  const { plan, folder, ledger, events } = options;
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
    ...options,
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
    stopAbort.abort(new UnitrainError("CANCELLED", "The run was stopped before the training had begun."));
    if (!discard || options.provider.ownership === "borrowed") return;
    // Also for a process that goes on should this one be killed now.
    ledger.append({ type: "failed", error: discarded().toJSON() }).catch(() => {});
    deadlineAbort.abort(discarded());
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
        // Also for the guardian, which ends a controller that lets its limit pass.
        ledger.append({ type: "stopping", why: "limit" }).catch(() => {});
        stopAbort.abort(createLimitReachedError(plan.limit));
      },
      end: () => {
        // Nothing is paid for a borrowed machine: it is let end in its own time.
        if (options.provider.ownership === "rented") deadlineAbort.abort(createDeadlineError());
      },
    },
  );
  const requests = watchRequests(run, { stop: end, pull: pulls.pull });
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
      throw new UnitrainError("CANCELLED", "This process left the run to itself: the training goes on.", {
        hint: "Attach to download its results.",
        action: { type: "attach", run: plan.name },
      });
    }
    if (ending.error !== undefined) throw ending.error;
    return ending;
  });
  // Who does not look at `result` must not be killed by it.
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

function discarded(): UnitrainError {
  return new UnitrainError("CANCELLED", "The machine was released at once: what was not downloaded is lost.");
}

/** Opens what a controller writes into. */
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

/** What another process asks for: by files, since it must work from any process and survive both. */
function watchRequests(
  { folder, assembly }: ActiveRun,
  requested: {
    readonly stop: (options: StopOptions) => void;
    readonly pull: () => Promise<readonly SavedFile[]>;
  },
) {
  const createReport = (error: unknown) => assembly.sanitizer.maskError(error).toJSON();
  let isPolling = false;
  const poll = async () => {
    if (isPolling) return;
    isPolling = true;
    try {
      const text = await readPlainFile(folder.stopRequest).catch(() => undefined);
      if (text !== undefined) {
        await rm(folder.stopRequest, { force: true });
        requested.stop(readStopRequest(text));
      }
      await servePulls(folder.requests, requested.pull, createReport);
    } catch {
      // A disk that cannot be written just now: it is looked at again.
    }
    isPolling = false;
  };
  const timer = setInterval(() => void poll(), requestPollMs).unref();
  return { cancel: () => clearInterval(timer) };
}
