import { rm } from "node:fs/promises";
import type { Run, RunResult, StopOptions } from "../api.ts";
import type { Assembly } from "../assembly.ts";
import type { HashedManifest } from "../plan/hash-manifest.ts";
import {
  type Plan,
  type Provider,
  type Resource,
  type SavedFile,
  type Transport,
  UnitrainError,
} from "../spec/index.ts";
import { type EventStore, openEventStore } from "../state/event-store.ts";
import type { Ledger } from "../state/ledger.ts";
import { localDisk } from "../state/local-disk.ts";
import type { Lock } from "../state/lock.ts";
import { makeFolders } from "../state/make-folders.ts";
import { readPlainFile } from "../state/read-plain-file.ts";
import type { RunFolder } from "../state/run-folder.ts";
import { settleWithin } from "../time/settle-within.ts";
import { refuseUnguarded } from "./arm-guardian.ts";
import { armDeadline, limitReached, notWithin, timeIsOver } from "./deadline.ts";
import { createMachineLink } from "./machine-link.ts";
import { outputFolderOf } from "./output-folder.ts";
import { servePulls } from "./pull-request.ts";
import { createPulls } from "./pulls.ts";
import { conduct, type Ending } from "./run.ts";
import { left, type RunScope } from "./scope.ts";
import { readStopRequest } from "./stop-request.ts";

const defaultGraceMs = 30_000;
const requestPollMs = 500;
const closePatienceMs = 5_000;

export interface ControllerGiven {
  readonly plan: Plan;
  readonly leaseId: string;
  readonly assembly: Assembly;
  readonly provider: Provider;
  readonly transport: Transport;
  readonly folder: RunFolder;
  readonly ledger: Ledger;
  readonly lock: Lock;
  readonly events: EventStore;
  readonly shipment: HashedManifest | undefined;
  readonly resumed: boolean;
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** Instead of going on with the run to its own end. */
export interface ControlOptions {
  readonly story?: (run: RunScope) => Promise<Ending>;
  /** The training is stopped; so long it and the download may take. */
  readonly stopWithinMs?: number;
  /** What is confirmed gone is added to it. */
  readonly proven?: Resource[];
}

/** The one process that drives a run: its intent is on disk, its lock is held. */
export function control(
  given: ControllerGiven,
  { story = conduct, stopWithinMs, proven = [] }: ControlOptions = {},
): Run {
  const { plan, folder, ledger, events } = given;
  const { clock } = given.assembly.ports;
  const unwanted = new AbortController();
  const leaving = new AbortController();
  const hurry = new AbortController();
  const outOfTime = new AbortController();
  let stoppedBy: "user" | "limit" = "user";
  let graceMs = defaultGraceMs;
  const pulls = createPulls(
    () => run,
    () => over(),
  );
  const run: RunScope = {
    ...given,
    clock,
    link: createMachineLink(() => run),
    unwanted: unwanted.signal,
    leaving: leaving.signal,
    hurry: hurry.signal,
    outOfTime: outOfTime.signal,
    stoppedBy: () => stoppedBy,
    failures: [],
    proven,
    isCollected: stopWithinMs !== undefined,
    graceMs: () => graceMs,
    endPulls: pulls.end,
  };
  const end = ({ graceMs: requestedGraceMs, discard = false }: StopOptions = {}) => {
    graceMs = requestedGraceMs ?? (discard ? 0 : graceMs);
    if (unwanted.signal.aborted) hurry.abort();
    unwanted.abort(new UnitrainError("CANCELLED", "The run was stopped before the training had begun."));
    if (!discard || given.provider.ownership === "borrowed") return;
    // Also for a process that goes on should this one be killed now.
    ledger.append({ type: "failed", error: discarded().toJSON() }).catch(() => {});
    outOfTime.abort(discarded());
  };
  const aborted = () => end();
  if (given.signal?.aborted) end();
  given.signal?.addEventListener("abort", aborted, { once: true });
  const deadline = armDeadline(
    clock,
    ledger.state.outcome === undefined ? ledger.state.deadline : undefined,
    {
      stop: () => {
        if (unwanted.signal.aborted || ledger.state.jobEnd !== undefined) return;
        stoppedBy = "limit";
        // Also for the guardian, which ends a controller that lets its limit pass.
        ledger.append({ type: "stopping", why: "limit" }).catch(() => {});
        unwanted.abort(limitReached(plan.limit));
      },
      end: () => {
        // Nothing is paid for a borrowed machine: it is let end in its own time.
        if (given.provider.ownership === "rented") outOfTime.abort(timeIsOver());
      },
    },
  );
  const requests = watchRequests(run, { stop: end, pull: pulls.pull });
  let stopTimer: { cancel(): void } | undefined;
  if (stopWithinMs !== undefined) {
    end();
    stopTimer = clock.after(stopWithinMs, () => outOfTime.abort(notWithin(stopWithinMs)));
  }

  const ended = (async (): Promise<Ending> => {
    try {
      const ending = await story(run);
      if (ending === left) await events.emit({ type: "controller", state: "detached" });
      return ending;
    } finally {
      requests.cancel();
      deadline.cancel();
      stopTimer?.cancel();
      given.signal?.removeEventListener("abort", aborted);
      await run.link.close();
      await settleWithin(clock, closePatienceMs, events.close());
      await given.lock.release();
    }
  })();
  const result = ended.then((ending): RunResult => {
    if (ending === left) {
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
      return { folder: folder.path, log: folder.log, out: outputFolderOf(plan, ledger.state) };
    },
    events: events.events,
    result,
    get jobRuns() {
      return ledger.state.started && ledger.state.jobEnd === undefined;
    },
    async stop(options) {
      end(options);
      await over();
    },
    async detach() {
      await refuseUnguarded(run);
      leaving.abort(left);
      await over();
    },
    pull: pulls.pull,
    async [Symbol.asyncDispose]() {
      if (!leaving.signal.aborted) end();
      await over();
    },
  };
}

function discarded(): UnitrainError {
  return new UnitrainError("CANCELLED", "The machine was given back at once: what was not home is lost.");
}

/** Opens what a controller writes into. */
export async function openRunFiles(assembly: Assembly, plan: Plan, folder: RunFolder): Promise<EventStore> {
  await makeFolders(folder.path, 0o700).catch((error) => {
    throw localDisk(folder.path, error);
  });
  return openEventStore({
    path: folder.events,
    log: folder.log,
    runId: plan.runId,
    now: assembly.ports.clock.now,
    mask: assembly.gate.value,
  });
}

/** What another process asks for: by files, since it must work from any process and survive both. */
function watchRequests(
  { folder, assembly }: RunScope,
  requested: {
    readonly stop: (options: StopOptions) => void;
    readonly pull: () => Promise<readonly SavedFile[]>;
  },
) {
  const reportOf = (error: unknown) => assembly.gate.error(error).toJSON();
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const text = await readPlainFile(folder.stopRequest).catch(() => undefined);
      if (text !== undefined) {
        await rm(folder.stopRequest, { force: true });
        requested.stop(readStopRequest(text));
      }
      await servePulls(folder.requests, requested.pull, reportOf);
    } catch {
      // A disk that cannot be written just now: it is looked at again.
    }
    looking = false;
  };
  const timer = setInterval(() => void look(), requestPollMs).unref();
  return { cancel: () => clearInterval(timer) };
}
