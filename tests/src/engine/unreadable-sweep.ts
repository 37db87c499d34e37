import { createLifetime, type Lifetime } from "@unitrain/conformance";
import { expect } from "vitest";
import { createEngineHarness, type EngineHarness, startRun } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

/** Makes every read of the provider and the machine fail from now on. */
function nothingCanBeRead({ cloud }: EngineHarness): void {
  for (const call of ["provider.getMachineState", "provider.list", "transport.connect"])
    cloud.faults.on(call, "throws", 10_000);
}

async function runUntilDeath(harness: EngineHarness, lifetime: Lifetime): Promise<void> {
  const completed = (async () => {
    const run = await startRun(harness.process({ lifetime }), harness);
    await run.result;
  })();
  await Promise.race([completed, lifetime.death]);
}

/** Kills a run at every n-th step; from then on nothing can be read, and `gc` still terminates. */
export async function sweepUnreadable(every: number): Promise<void> {
  const counting = createLifetime();
  await runUntilDeath(await createEngineHarness(), counting);
  const steps = [...counting.steps.entries()].filter(([at]) => at % every === 0);
  expect(steps.length).toBeGreaterThan(60 / every);
  await sideBySide(steps, async ([killAt, step]) => {
    const label = `killed at ${killAt}, ${step}`;
    const harness = await createEngineHarness();
    await runUntilDeath(harness, createLifetime(killAt));
    nothingCanBeRead(harness);
    await harness.process().gc();
    expect(harness.cloud.alive(), label).toEqual([]);
  });
}
