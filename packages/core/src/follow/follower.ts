import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run, RunResult } from "../api/run.ts";
import type { Ports } from "../ports.ts";
import { type Plan, type RunEvent, UnitrainError } from "../spec/index.ts";
import { createLocalDiskError } from "../state/local-disk.ts";
import { readLockState } from "../state/lock-state.ts";
import { readLedger } from "../state/read-ledger.ts";
import type { RunFolder } from "../state/run-folder.ts";
import { listUnreleased } from "../state/run-leases.ts";
import { readRun } from "../state/run-list.ts";
import { replaceFile } from "../state/write-file.ts";
import { readEvents } from "./event-reader.ts";
import { askForPull } from "./pull-request.ts";
import { stopRequestText } from "./stop-request.ts";

const pollMs = 200;
/** How long a controller may take to accept a request. It takes half a second, unless it was suspended and has to be woken first. */
const takenUpWithinMs = 30_000;
/** How long to wait for another process to continue a rented run after its controller has ended. */
const takenOverWithinMs = 20_000;

/** Timeouts that tests shorten. */
export interface FollowPatience {
  readonly takenUpMs?: number;
  readonly takenOverMs?: number;
}

/** Returns a run that only watches: another process drives it, or it is over. It asks the controller to stop or to download. */
export function follow(
  plan: Plan,
  folder: RunFolder,
  ports: Ports,
  out: string,
  { takenUpMs = takenUpWithinMs, takenOverMs = takenOverWithinMs }: FollowPatience = {},
): Run {
  const detachAbort = new AbortController();
  const isDriven = async () => {
    const { holder, problem } = await readLockState(ports.locks, folder.lock);
    // A lock that cannot be read may be held, unless the ledger says that the run is over.
    if (problem !== undefined) return (await readLedger(folder.ledger)).state.outcome === undefined;
    return holder !== undefined;
  };
  let undrivenSince: number | undefined;
  const isOver = async () => {
    if (detachAbort.signal.aborted) return true;
    const driven = await isDriven();
    undrivenSince = driven ? undefined : (undrivenSince ?? performance.now());
    if (undrivenSince === undefined) return false;
    if (plan.provider.ownership === "borrowed" || performance.now() - undrivenSince > takenOverMs)
      return true;
    const run = await readRun(folder.home, plan.runId);
    if (run === undefined || listUnreleased(run).length === 0) return true;
    return run.reading.state.outcome !== undefined;
  };
  const change = () => sleep(pollMs, undefined, { signal: detachAbort.signal }).catch(() => {});
  const events = (): AsyncGenerator<RunEvent, void, undefined> =>
    readEvents({ path: folder.events, log: folder.log, isOver, change });
  const createUndrivenError = () =>
    new UnitrainError("NOT_AVAILABLE", `No process drives ${plan.name} any more.`, {
      hint: "Attach to continue it.",
      action: { type: "attach", run: plan.name },
    });
  let result: Promise<RunResult> | undefined;
  return {
    id: plan.runId,
    name: plan.name,
    plan,
    role: "follower",
    paths: { folder: folder.path, log: folder.log, out },
    events: { [Symbol.asyncIterator]: events },
    get result() {
      result ??= readResult(events(), async () => {
        if (detachAbort.signal.aborted)
          return new UnitrainError("CANCELLED", "This process stopped watching the run.");
        const run = await readRun(folder.home, plan.runId);
        return run !== undefined && listUnreleased(run).length > 0
          ? createUnattendedError(plan)
          : createUndrivenError();
      });
      result.catch(() => {});
      return result;
    },
    isJobRunning: true,
    async stop(options) {
      if (!(await isDriven())) {
        const { state } = await readLedger(folder.ledger);
        if (state.outcome !== undefined) return;
        throw new UnitrainError("NOT_AVAILABLE", `No process drives ${plan.name} any more.`, {
          hint: "Attach to it as the controller, then stop it.",
          action: { type: "stop", run: plan.name },
        });
      }
      await replaceFile(folder.stopRequest, stopRequestText(options)).catch((error) => {
        throw createLocalDiskError(folder.stopRequest, error);
      });
      // A suspended controller (SIGSTOP, Ctrl-Z) reads no requests, and the guardian itself has no guardian.
      const { holder = 0 } = await readLockState(ports.locks, folder.lock);
      if (holder > 0) wake(ports, holder);
      const begin = performance.now();
      while (existsSync(folder.stopRequest) && (await isDriven())) {
        if (detachAbort.signal.aborted) return;
        if (performance.now() - begin > takenUpMs) throw createStopIgnoredError(plan, holder);
        await change();
      }
      for await (const _event of events()) if (detachAbort.signal.aborted) return;
    },
    async detach() {
      detachAbort.abort();
    },
    async pull() {
      const { state } = await readLedger(folder.ledger);
      if (state.artifacts !== undefined || state.outcome !== undefined) return state.artifacts ?? [];
      if (!(await isDriven())) throw createUndrivenError();
      const files = await askForPull({
        folder: folder.requests,
        signal: detachAbort.signal,
        otherwise: async () => {
          const { state: now } = await readLedger(folder.ledger);
          if (now.artifacts !== undefined || now.outcome !== undefined) return now.artifacts ?? [];
          if (!(await isDriven())) throw createUndrivenError();
          return undefined;
        },
      });
      if (files !== undefined) return files;
      const { holder = 0 } = await readLockState(ports.locks, folder.lock);
      const controller = holder > 0 ? `process ${holder}` : "another process";
      throw new UnitrainError(
        "RUN_BUSY",
        `Cannot download the files of ${plan.name}: ${controller} drives it and does not answer.`,
        { hint: "Continue that process if it is suspended, or wait: everything is downloaded at the end." },
      );
    },
    async [Symbol.asyncDispose]() {
      detachAbort.abort();
    },
  };
}

/**
 * Creates the error for a controller that ignores a request to stop. The request stays, so the next controller finds it. A `holder`
 * of 0 is unknown, and `kill -9 0` would end the user's own processes.
 */
function createStopIgnoredError({ name, provider }: Plan, holder: number): UnitrainError {
  const isPaid = provider.ownership === "rented";
  const [controller, kill] =
    holder > 0 ? [`process ${holder}`, ` (\`kill -9 ${holder}\`)`] : ["another process", ""];
  return new UnitrainError(
    isPaid ? "RELEASE_UNCONFIRMED" : "RUN_BUSY",
    `${name} was not stopped: ${controller} drives it and does not answer.`,
    {
      hint: isPaid
        ? `Its machine may cost money until it is released. End that process${kill}, then release the machine.`
        : `End that process${kill}, then stop the run.`,
      action: isPaid ? { type: "release" } : { type: "stop", run: name },
    },
  );
}

/** Wakes a process if it can: the process may have ended, or belong to another user. The events show what happens to the run. */
function wake(ports: Ports, pid: number): void {
  try {
    ports.wake(pid);
  } catch {
    // Nothing to do.
  }
}

function createUnattendedError({ name }: Plan): UnitrainError {
  const message = `No process drives ${name} any more, and its machine may still cost money.`;
  return new UnitrainError("RELEASE_UNCONFIRMED", message, {
    hint: "Attach to continue the run, or release its machine.",
    action: { type: "release" },
  });
}

async function readResult(
  events: AsyncIterable<RunEvent>,
  withoutEnd: () => Promise<UnitrainError>,
): Promise<RunResult> {
  for await (const event of events) {
    if (event.type !== "finished") continue;
    const { outcome, receipt, error } = event;
    if (error === undefined) return { outcome, artifacts: receipt.artifacts, receipt };
    throw new UnitrainError(error.code, error.message, error);
  }
  throw await withoutEnd();
}
