import { createLife, type Life } from "@unitrain/conformance";
import { expect } from "vitest";
import { createStage, type Stage, startRun } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

/** From now on nothing answers that only reads: neither the provider, nor the machine. */
function nothingCanBeRead({ world }: Stage): void {
  for (const call of ["provider.look", "provider.list", "transport.connect"])
    world.faults.on(call, "throws", 10_000);
}

async function runUntilDeath(stage: Stage, life: Life): Promise<void> {
  const whole = (async () => {
    const run = await startRun(stage.process({ life }), stage);
    await run.result;
  })();
  await Promise.race([whole, life.death]);
}

/** Kills a run at every n-th step; from then on nothing can be read, and `gc` terminates all the same. */
export async function sweepUnreadable(every: number): Promise<void> {
  const counting = createLife();
  await runUntilDeath(await createStage(), counting);
  const steps = [...counting.steps.entries()].filter(([at]) => at % every === 0);
  expect(steps.length).toBeGreaterThan(60 / every);
  await sideBySide(steps, async ([killAt, step]) => {
    const where = `killed at ${killAt}, ${step}`;
    const stage = await createStage();
    await runUntilDeath(stage, createLife(killAt));
    nothingCanBeRead(stage);
    await stage.process().gc();
    expect(stage.world.alive(), where).toEqual([]);
  });
}
