import { setTimeout } from "node:timers/promises";
import type { Run, RunEvent, RunResult } from "@unitrain/core";
import { ending, examplePlan, exampleReceipt, type Story } from "./event-script.ts";
import type { Script } from "./script.ts";

/** A run that happens by itself, as a real one does: whoever stops looking stops nothing. */
export function scriptedRun(script: Script, asked: string[]): Run {
  const plan = script.plan ?? examplePlan;
  const told: RunEvent[] = [];
  const interruption = new AbortController();
  const result = Promise.withResolvers<RunResult>();
  result.promise.catch(() => {});
  let [more, over] = [Promise.withResolvers<void>(), false];
  let [jobRuns, jobBegun, detached, stopped] = [false, false, false, false];

  const news = () => {
    more.resolve();
    more = Promise.withResolvers<void>();
  };
  const tell = async (story: Story, leaves: () => boolean) => {
    for (const [pauseMs, event] of story) {
      if (pauseMs > 0) await setTimeout(pauseMs, undefined, { signal: interruption.signal }).catch(() => {});
      if (leaves()) return;
      if (event.type === "job") [jobRuns, jobBegun] = [event.state === "started", true];
      told.push({ seq: told.length, at: script.at ?? new Date().toISOString(), runId: plan.runId, ...event });
      news();
      if (event.type !== "finished") continue;
      const { outcome, receipt } = event;
      if (script.error !== undefined) result.reject(script.error);
      else result.resolve({ outcome, artifacts: receipt.artifacts, receipt });
    }
  };
  const happens = (async () => {
    await tell(script.story ?? [], () => stopped || (detached && jobBegun));
    if (stopped) await tell(ending({ ...exampleReceipt, outcome: "stopped", artifacts: [] }), () => false);
    over = true;
    news();
  })();
  async function* events(): AsyncGenerator<RunEvent> {
    for (let at = 0; ; ) {
      const event = told[at];
      if (event !== undefined) {
        at += 1;
        yield event;
      } else if (over) return;
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
    get jobRuns() {
      return jobRuns;
    },
    stop: async (options) => {
      asked.push(`stop ${options?.discard ? "discard" : (options?.graceMs ?? "")}`.trim());
      if (script.stopHangs) return new Promise(() => {});
      stopped = true;
      interruption.abort();
      await happens;
    },
    detach: async () => {
      asked.push("detach");
      if (script.detachError !== undefined) throw script.detachError;
      detached = true;
      if (jobBegun) interruption.abort();
      await happens;
    },
    pull: async () => {
      asked.push("pull");
      return exampleReceipt.artifacts;
    },
    [Symbol.asyncDispose]: async () => {
      asked.push("dispose");
    },
  };
}
