import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run, RunResult } from "../api.ts";
import type { Ports } from "../ports.ts";
import { type Plan, type RunEvent, UnitrainError } from "../spec/index.ts";
import { readEvents } from "../state/event-reader.ts";
import { localDisk } from "../state/local-disk.ts";
import { stateOfLock } from "../state/lock-state.ts";
import { readLedger } from "../state/read-ledger.ts";
import type { RunFolder } from "../state/run-folder.ts";
import { stopRequestText } from "./stop-request.ts";

const pollMs = 200;

/** Watches a run that another process drives, or one that is over. Changes nothing but a request to stop. */
export function follow(plan: Plan, folder: RunFolder, ports: Ports, out: string): Run {
  const gone = new AbortController();
  const isDriven = async () => {
    const { holder, problem } = await stateOfLock(ports.locks, folder.lock);
    // A lock that cannot be read is not free; the ledger of a run that is over says so itself.
    if (problem !== undefined) return (await readLedger(folder.ledger)).state.outcome === undefined;
    return holder !== undefined;
  };
  const isOver = async () => gone.signal.aborted || !(await isDriven());
  const change = () => sleep(pollMs, undefined, { signal: gone.signal }).catch(() => {});
  const events = (): AsyncGenerator<RunEvent, void, undefined> =>
    readEvents({ path: folder.events, log: folder.log, isOver, change });
  let result: Promise<RunResult> | undefined;
  return {
    id: plan.runId,
    name: plan.name,
    plan,
    role: "follower",
    paths: { folder: folder.path, log: folder.log, out },
    events: { [Symbol.asyncIterator]: events },
    get result() {
      result ??= resultOf(events(), plan);
      result.catch(() => {});
      return result;
    },
    jobRuns: true,
    async stop(options) {
      if (!(await isDriven())) {
        const { state } = await readLedger(folder.ledger);
        if (state.outcome !== undefined) return;
        throw new UnitrainError("NOT_AVAILABLE", `Nobody drives ${plan.name} any more.`, {
          hint: `Attach as controller, then stop: \`unitrain stop ${plan.name}\`.`,
        });
      }
      await writeFile(folder.stopRequest, stopRequestText(options), { mode: 0o600 }).catch((error) => {
        throw localDisk(folder.stopRequest, error);
      });
      for await (const _event of events()) if (gone.signal.aborted) return;
    },
    async detach() {
      gone.abort();
    },
    async pull() {
      const { state } = await readLedger(folder.ledger);
      if (state.artifacts !== undefined) return state.artifacts;
      throw new UnitrainError(
        "RUN_BUSY",
        `Another process drives ${plan.name}: it brings everything home at the end.`,
        {
          hint: "Wait for it, or end that process and try again.",
        },
      );
    },
    async [Symbol.asyncDispose]() {
      gone.abort();
    },
  };
}

async function resultOf(events: AsyncIterable<RunEvent>, plan: Plan): Promise<RunResult> {
  for await (const event of events) {
    if (event.type !== "finished") continue;
    const { outcome, receipt, error } = event;
    if (error === undefined) return { outcome, artifacts: receipt.artifacts, receipt };
    throw new UnitrainError(error.code, error.message, error);
  }
  throw new UnitrainError("CANCELLED", `Nobody drives ${plan.name} any more, and it is not over.`, {
    hint: `unitrain attach ${plan.name}`,
  });
}
