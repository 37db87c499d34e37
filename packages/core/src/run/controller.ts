import { mkdir, readFile, rm } from "node:fs/promises";
import type { Run, RunResult } from "../api.ts";
import type { Assembly } from "../assembly.ts";
import type { HashedManifest } from "../plan/hash-manifest.ts";
import { type Plan, type Provider, type Transport, UnitrainError } from "../spec/index.ts";
import { type EventStore, openEventStore } from "../state/event-store.ts";
import type { Ledger } from "../state/ledger.ts";
import type { Lock } from "../state/lock.ts";
import type { RunFolder } from "../state/run-folder.ts";
import { bringHome } from "./bring-home.ts";
import { createMachineLink } from "./machine-link.ts";
import { conduct, type Ending } from "./run.ts";
import type { RunScope } from "./scope.ts";
import { left } from "./train.ts";

const defaultGraceMs = 30_000;
const stopRequestPollMs = 1_000;

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

/** The one process that drives a run: its intent is on disk, its lock is held. `story` is what it does with it. */
export function control(given: ControllerGiven, story: (run: RunScope) => Promise<Ending> = conduct): Run {
  const { plan, folder, ledger, events } = given;
  const { clock } = given.assembly.ports;
  const unwanted = new AbortController();
  const leaving = new AbortController();
  let graceMs = defaultGraceMs;
  const run: RunScope = {
    ...given,
    clock,
    link: createMachineLink(() => run),
    unwanted: unwanted.signal,
    leaving: leaving.signal,
    failures: [],
    graceMs: () => graceMs,
  };
  const end = () =>
    unwanted.abort(new UnitrainError("CANCELLED", "The run was stopped before the training had begun."));
  if (given.signal?.aborted) end();
  given.signal?.addEventListener("abort", end, { once: true });
  const requests = watchStopRequest(folder.stopRequest, clock, (requestedGraceMs) => {
    graceMs = requestedGraceMs ?? graceMs;
    end();
  });

  const conducted = (async () => {
    try {
      return await story(run);
    } finally {
      requests.cancel();
      given.signal?.removeEventListener("abort", end);
    }
  })();
  const ended = conducted.finally(async () => {
    await run.link.close();
    if ((await conducted.catch(() => undefined)) === left)
      await events.emit({ type: "controller", state: "detached" });
    await events.close();
    await ledger.close().catch(() => {});
    await given.lock.release();
  });
  const result = ended.then((ending): RunResult => {
    if (ending === left) {
      throw new UnitrainError("CANCELLED", "This process left the run to itself: the training goes on.", {
        hint: `unitrain attach ${plan.name}`,
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
    paths: { folder: folder.path, log: folder.log, out: plan.out },
    events: events.events,
    result,
    get jobRuns() {
      return ledger.state.started && ledger.state.jobEnd === undefined;
    },
    async stop(options) {
      graceMs = options?.graceMs ?? graceMs;
      end();
      await over();
    },
    async detach() {
      refuseDetach(run);
      leaving.abort(left);
      await over();
    },
    pull: () => pullNow(run),
    async [Symbol.asyncDispose]() {
      if (!leaving.signal.aborted) end();
      await over();
    },
  };
}

/** Opens what a controller writes into. */
export async function openRunFiles(assembly: Assembly, plan: Plan, folder: RunFolder): Promise<EventStore> {
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  return openEventStore({
    path: folder.events,
    log: folder.log,
    runId: plan.runId,
    now: assembly.ports.clock.now,
    mask: assembly.gate.value,
  });
}

function refuseDetach(run: RunScope): void {
  if (run.provider.ownership === "borrowed") return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    "A rented machine is not left alone: nothing else would give it back.",
    {
      hint: "Keep this process running, or stop the run.",
    },
  );
}

async function pullNow(run: RunScope) {
  const { starting, artifacts } = run.ledger.state;
  if (artifacts !== undefined) return artifacts;
  if (starting === undefined) {
    throw new UnitrainError(
      "NOT_AVAILABLE",
      "The training has not begun: there is nothing to bring home yet.",
    );
  }
  return bringHome(run, starting.input, { logTail: "", signal: run.leaving, modelOptional: true });
}

/** Another process may ask for the end: by a file, since it must work from any process and survive both. */
function watchStopRequest(
  path: string,
  clock: RunScope["clock"],
  requested: (graceMs: number | undefined) => void,
) {
  let timer = { cancel: () => {} };
  let cancelled = false;
  const look = async () => {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (cancelled) return;
    if (text !== undefined) {
      await rm(path, { force: true });
      const graceMs = Number.parseInt(text, 10);
      requested(Number.isFinite(graceMs) ? graceMs : undefined);
      return;
    }
    timer = clock.after(stopRequestPollMs, () => void look());
  };
  void look();
  return {
    cancel() {
      cancelled = true;
      timer.cancel();
    },
  };
}
