import { setTimeout } from "node:timers/promises";
import type { GcReport, Plan, PlanOptions, RunSummary, Unitrain } from "@unitrain/core";
import type { Engine } from "../surroundings.ts";
import { scriptedRun } from "./scripted-run.ts";
import { examplePlan, type Story } from "./story.ts";

export interface Script {
  readonly plan?: Plan;
  /** How long planning takes. */
  readonly planMs?: number;
  /** Instead of a plan. */
  readonly planError?: Error;
  readonly story?: Story;
  readonly role?: "controller" | "follower";
  /** Instead of a result, once the story is told. */
  readonly error?: Error;
  readonly runs?: readonly RunSummary[];
  readonly gc?: GcReport;
  readonly log?: string;
  /** When everything happened; by default now. */
  readonly at?: string;
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
      await setTimeout(script.planMs ?? 0, undefined, { signal: options.signal }).catch(() => {});
      options.signal?.throwIfAborted();
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
