import { setTimeout } from "node:timers/promises";
import {
  type GcReport,
  type Plan,
  type PlanOptions,
  type Receipt,
  type Run,
  type RunEvent,
  type RunEventBody,
  type RunSummary,
  type Unitrain,
  UnitrainError,
} from "@unitrain/core";
import type { Engine } from "../surroundings.ts";
import { ending, examplePlan, exampleReceipt, type Story } from "./story.ts";

export interface Script {
  readonly plan?: Plan;
  /** Instead of a plan. */
  readonly planError?: Error;
  readonly story?: Story;
  readonly role?: "controller" | "follower";
  /** Instead of a result, once the story is told. */
  readonly error?: Error;
  readonly runs?: readonly RunSummary[];
  readonly gc?: GcReport;
  readonly log?: string;
  /** A stop that never comes to its end. */
  readonly stopHangs?: boolean;
}

/** An engine that tells a story instead of training, and remembers what was asked of it. */
export function scriptedEngine(script: Script): {
  readonly engine: Engine;
  readonly asked: string[];
  readonly planned: PlanOptions[];
} {
  const asked: string[] = [];
  const planned: PlanOptions[] = [];
  const runs = {
    runs: async () => script.runs ?? [],
    attach: async (name?: string) => {
      asked.push(`attach ${name ?? "latest"}`);
      return scriptedRun(script, asked);
    },
    gc: async () => script.gc ?? { runs: [], released: [], unconfirmed: [] },
  };
  const unitrain: Unitrain = {
    ...runs,
    plan: async (options) => {
      planned.push(options);
      options.say?.("checking 160 pictures");
      if (script.planError !== undefined) throw script.planError;
      return script.plan ?? examplePlan;
    },
    start: async () => {
      asked.push("start");
      return scriptedRun(script, asked);
    },
  };
  const engine: Engine = {
    assemble: async (on, settings) => {
      asked.push(`assemble ${on} ${settings.join(" ")}`.trim());
      return unitrain;
    },
    runs: async () => runs,
  };
  return { engine, asked, planned };
}

function scriptedRun(script: Script, asked: string[]): Run {
  const plan = script.plan ?? examplePlan;
  const interruption = new AbortController();
  const result = Promise.withResolvers<Awaited<Run["result"]>>();
  const told = Promise.withResolvers<void>();
  let jobRuns = false;
  let detached = false;
  let stopped = false;
  let seq = 0;
  const numbered = (event: RunEventBody): RunEvent => ({
    seq: seq++,
    at: new Date().toISOString(),
    runId: plan.runId,
    ...event,
  });
  async function* tell(): AsyncGenerator<RunEvent> {
    try {
      yield* tellStory();
    } finally {
      told.resolve();
    }
  }
  async function* tellStory(): AsyncGenerator<RunEvent> {
    const stoppedReceipt: Receipt = { ...exampleReceipt, outcome: "stopped", artifacts: [] };
    for (const [pauseMs, event] of script.story ?? []) {
      if (pauseMs > 0) await setTimeout(pauseMs, undefined, { signal: interruption.signal }).catch(() => {});
      if (detached && jobRuns) return;
      if (stopped) break;
      if (event.type === "job") jobRuns = event.state === "started";
      yield numbered(event);
      if (event.type === "finished") {
        if (script.error !== undefined) result.reject(script.error);
        else
          result.resolve({
            outcome: event.outcome,
            artifacts: event.receipt.artifacts,
            receipt: event.receipt,
          });
        return;
      }
    }
    if (!stopped) return;
    for (const [, event] of ending(stoppedReceipt)) yield numbered(event);
    result.resolve({ outcome: "stopped", artifacts: [], receipt: stoppedReceipt });
  }
  return {
    id: plan.runId,
    name: plan.name,
    plan,
    role: script.role ?? "controller",
    paths: { folder: "/state/run", log: script.log ?? "/state/run/training.log", out: plan.out },
    events: tell(),
    result: result.promise,
    get jobRuns() {
      return jobRuns;
    },
    stop: async (options) => {
      asked.push(`stop ${options?.graceMs ?? ""}`.trim());
      if (script.stopHangs) return new Promise(() => {});
      stopped = true;
      interruption.abort();
    },
    detach: async () => {
      asked.push("detach");
      if (plan.provider.ownership === "rented")
        throw new UnitrainError("NOT_AVAILABLE", "Nothing else would give it back.");
      detached = true;
      if (jobRuns) interruption.abort();
      await told.promise;
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
