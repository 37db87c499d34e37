import { setTimeout } from "node:timers/promises";
import type { Run, RunEvent, RunResult } from "@unitrain/core";
import { createEnding, type EventScript, examplePlan, exampleReceipt } from "./event-script.ts";
import type { Script } from "./script.ts";

/** A run that happens by itself, as a real one does: whoever stops looking stops nothing. */
export function createScriptedRun(script: Script, calls: string[]): Run {
  const plan = script.plan ?? examplePlan;
  const emitted: RunEvent[] = [];
  const interruption = new AbortController();
  const result = Promise.withResolvers<RunResult>();
  result.promise.catch(() => {});
  let [more, isOver] = [Promise.withResolvers<void>(), false];
  let [isJobRunning, hasJobBegun, detached, stopped] = [false, false, false, false];

  const news = () => {
    more.resolve();
    more = Promise.withResolvers<void>();
  };
  const tell = async (eventScript: EventScript, leaves: () => boolean) => {
    for (const [pauseMs, event] of eventScript) {
      if (pauseMs > 0) await setTimeout(pauseMs, undefined, { signal: interruption.signal }).catch(() => {});
      if (leaves()) return;
      if (event.type === "job") [isJobRunning, hasJobBegun] = [event.state === "started", true];
      emitted.push({
        seq: emitted.length,
        at: script.at ?? new Date().toISOString(),
        runId: plan.runId,
        ...event,
      });
      news();
      if (event.type !== "finished") continue;
      const { outcome, receipt } = event;
      if (script.error !== undefined) result.reject(script.error);
      else result.resolve({ outcome, artifacts: receipt.artifacts, receipt });
    }
  };
  const happens = (async () => {
    await tell(script.eventScript ?? [], () => stopped || (detached && hasJobBegun));
    if (stopped)
      await tell(createEnding({ ...exampleReceipt, outcome: "stopped", artifacts: [] }), () => false);
    isOver = true;
    news();
  })();
  async function* events(): AsyncGenerator<RunEvent> {
    for (let at = 0; ; ) {
      const event = emitted[at];
      if (event !== undefined) {
        at += 1;
        yield event;
      } else if (isOver) return;
      else await more.promise;
    }
  }
  return {
    id: plan.runId,
    name: plan.name,
    plan,
    role: script.role ?? "controller",
    paths: { folder: "/state/run", log: script.log ?? "/state/run/training.log", out: plan.out },
    events: { [Symbol.asyncIterator]: events },
    result: result.promise,
    get isJobRunning() {
      return isJobRunning;
    },
    stop: async (options) => {
      calls.push(`stop ${options?.discard ? "discard" : (options?.graceMs ?? "")}`.trim());
      if (script.stopHangs) return new Promise(() => {});
      stopped = true;
      interruption.abort();
      await happens;
    },
    detach: async () => {
      calls.push("detach");
      if (script.detachError !== undefined) throw script.detachError;
      detached = true;
      if (hasJobBegun) interruption.abort();
      await happens;
    },
    pull: async () => {
      calls.push("pull");
      return exampleReceipt.artifacts;
    },
    [Symbol.asyncDispose]: async () => {
      calls.push("dispose");
    },
  };
}
