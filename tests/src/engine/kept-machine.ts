import { join } from "node:path";
import { createLifetime, type Lifetime } from "@unitrain/conformance";
import {
  definePlugin,
  type KeptMachine,
  type Lock,
  type Plan,
  type Run,
  type Unitrain,
} from "@unitrain/core";
import { expect } from "vitest";
import { createEngineHarness, type EngineHarness } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

/** Creates a process with a plugin that uses a kept machine if there is one. */
export function createProcess(
  harness: EngineHarness,
  seen: KeptMachine[] = [],
  lifetime?: Lifetime,
): Unitrain {
  const pool = definePlugin({
    name: "pool",
    recipe: { module: "pool", exportName: "pool", options: {}, secrets: [] },
    hooks: {
      provision({ keptMachines }) {
        seen.push(...keptMachines);
        return keptMachines[0];
      },
    },
  });
  return harness.process({ plugins: [pool], ...(lifetime === undefined ? {} : { lifetime }) });
}

export async function plan(
  unitrain: Unitrain,
  harness: EngineHarness,
  name: string,
  keepMinutes?: number,
): Promise<Plan> {
  return unitrain.plan({
    data: ".",
    name,
    out: join(harness.out, name),
    ...(keepMinutes === undefined ? {} : { keepMinutes }),
  });
}

/** Completes a first run that keeps its machine while a guardian is running. */
export async function keepMachine(
  harness: EngineHarness,
  keepMinutes = 30,
): Promise<{ readonly run: Run; readonly guardian: Lock | undefined }> {
  const guardian = await harness.locks.take(join(harness.home, "guardian.lock"));
  const unitrain = createProcess(harness);
  const run = await unitrain.start(await plan(unitrain, harness, "first", keepMinutes));
  await run.result;
  return { run, guardian };
}

async function takeUntilDeath(harness: EngineHarness, lifetime: Lifetime): Promise<void> {
  const unitrain = createProcess(harness, [], lifetime);
  const taken = (async () => {
    const run = await unitrain.start(await plan(unitrain, harness, "second"));
    await run.result;
  })();
  await Promise.race([taken, lifetime.death]);
}

/** Kills the process of a run that takes a kept machine, at every n-th step: the machine is rented once, and released once. */
export async function killWhileTaking(every: number): Promise<void> {
  const counting = createLifetime();
  const counted = await createEngineHarness();
  await keepMachine(counted);
  await takeUntilDeath(counted, counting);
  const steps = [...counting.steps.entries()].filter(([at]) => at % every === 0);
  expect(steps.length).toBeGreaterThan(40 / every);
  await sideBySide(steps, async ([killAt, step]) => {
    const label = `killed at ${killAt}, ${step}`;
    const harness = await createEngineHarness();
    await keepMachine(harness);
    await takeUntilDeath(harness, createLifetime(killAt));
    const report = await harness.process().gc();
    expect(harness.cloud.alive(), label).toEqual([]);
    expect([report.unconfirmed, report.unreadable], label).toEqual([[], []]);
    expect(
      harness.cloud.bill.filter(({ kind }) => kind === "instance"),
      label,
    ).toHaveLength(1);
  });
}
