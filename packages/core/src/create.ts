import { assemble, withMaskedErrors } from "./adapters/assemble.ts";
import { protectAdapter } from "./adapters/protect.ts";
import type { PlanOptions } from "./api/plan-options.ts";
import type { StartOptions, Unitrain, UnitrainOptions } from "./api.ts";
import { openMachine } from "./machines/open-machine.ts";
import { PlanMemory } from "./manifest/plan-memory.ts";
import { readReceipts } from "./plan/history.ts";
import { makePlan } from "./plan/make-plan.ts";
import { predict } from "./plan/predict.ts";
import { startRun } from "./run/start-run.ts";
import { openRuns } from "./runs/open-runs.ts";
import type { Plan, RunEventBody } from "./spec/index.ts";
import { getDefaultHome } from "./state/home.ts";
import { toCancelSignal } from "./time/cancelled.ts";

/**
 * Creates the SDK from adapters. It reads nothing, writes nothing and makes no request until you call a method.
 *
 * @throws UnitrainError `INVALID_ADAPTER` if an adapter was made for another spec version or lacks a method.
 * @example
 * ```ts
 * import { createUnitrain, type Framework, type Provider } from "@unitrain/core";
 *
 * export async function train(provider: Provider, framework: Framework) {
 *   const unitrain = createUnitrain({ provider, framework });
 *   const plan = await unitrain.plan({ data: "./pallets" });
 *   const run = await unitrain.start(plan);
 *   for await (const event of run.events) if (event.type === "progress") console.log(event.done, event.metrics);
 *   return await run.result;
 * }
 * ```
 */
export function createUnitrain(options: UnitrainOptions): Unitrain {
  const unitrainOptions = { ...options, home: options.home ?? getDefaultHome() };
  const memory = new PlanMemory();
  assemble(unitrainOptions, unitrainOptions, { showStatus: () => {} });
  return {
    ...openRuns(unitrainOptions, unitrainOptions),
    ...openMachine(unitrainOptions),
    async plan(planOptions: PlanOptions): Promise<Plan> {
      const assembly = assemble(unitrainOptions, unitrainOptions, {
        memory,
        progress: planOptions.progress,
        showStatus: (sanitizer, _phase, message) => planOptions.showStatus?.(sanitizer.maskMessage(message)),
      });
      return withMaskedErrors(assembly, () =>
        makePlan(assembly, { ...planOptions, signal: toCancelSignal(planOptions.signal) }),
      );
    },
    async predict({ job, data: { files, bytes } }, quote) {
      const { name, ownership } = unitrainOptions.provider;
      if (ownership === "borrowed") return undefined;
      const receipts = await readReceipts(unitrainOptions.home);
      return predict({
        provider: name,
        framework: protectAdapter(unitrainOptions.framework),
        quote,
        job,
        data: { files, bytes },
        receipts,
      });
    },
    async start(plan: Plan, startOptions: StartOptions = {}) {
      const early: RunEventBody[] = [];
      const emitter = { emit: (body: RunEventBody) => void early.push(body), early };
      const assembly = assemble(unitrainOptions, unitrainOptions, {
        memory,
        progress: startOptions.progress,
        showStatus: (sanitizer, phase, message) =>
          emitter.emit({ type: "status", phase, message: sanitizer.maskMessage(message) }),
      });
      return withMaskedErrors(assembly, () => startRun(assembly, plan, startOptions, emitter));
    },
  };
}
