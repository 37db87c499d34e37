import { createLifetime, type Lifetime } from "@unitrain/conformance";
import type { Run } from "@unitrain/core";
import { expect } from "vitest";
import { createEngineHarness, type EngineHarness } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

interface StartOptions {
  readonly retries?: number;
  readonly budgetUsd?: number;
  readonly lifetime?: Lifetime;
}

export async function start(
  harness: EngineHarness,
  { lifetime, retries = 1, ...options }: StartOptions = {},
): Promise<Run> {
  const unitrain = harness.process(lifetime === undefined ? {} : { lifetime });
  const plan = await unitrain.plan({ data: ".", out: harness.out, retries, ...options });
  return unitrain.start(plan);
}

/** Makes the first machine fail during the training. */
export function loseFirstMachine({ cloud, clock }: EngineHarness): void {
  const watch = () => {
    const job = [...cloud.jobs.values()].find(({ output }) => output !== undefined);
    if (job === undefined || clock.now() < job.startedAt + 30_000) clock.after(1_000, watch);
    else cloud.loseMachine();
  };
  clock.after(1_000, watch);
}

async function startUntilDeath(harness: EngineHarness, lifetime: Lifetime): Promise<void> {
  loseFirstMachine(harness);
  const run = start(harness, { lifetime }).then(({ result }) => result);
  await Promise.race([run, lifetime.death]);
}

/** From the release of the first machine to the job on the second one. */
async function listStepsBetweenAttempts(): Promise<readonly (readonly [number, string])[]> {
  const lifetime = createLifetime();
  await startUntilDeath(await createEngineHarness(), lifetime);
  const { steps } = lifetime;
  const first = steps.indexOf("ledger releasing: before");
  const last = steps.lastIndexOf("ledger started: after");
  expect(first).toBeGreaterThan(0);
  expect(last).toBeGreaterThan(first);
  return [...steps.entries()].slice(first, last + 2);
}

/**
 * Kills a process between the release of its first machine and the job on its second one, at every n-th step. Then `gc` leaves nothing
 * paid, and the guardian completes the run.
 */
export async function killBetweenAttempts(every: number): Promise<void> {
  const steps = (await listStepsBetweenAttempts()).filter((_step, at) => at % every === 0);
  expect(steps.length).toBeGreaterThan(40 / every);
  await sideBySide(steps.values(), async ([killAt, step]) => {
    const label = `gc, killed at ${killAt}, ${step}`;
    const harness = await createEngineHarness();
    await startUntilDeath(harness, createLifetime(killAt));
    const report = await harness.process().gc();
    expect(harness.cloud.alive(), label).toEqual([]);
    expect([report.unconfirmed, report.unreadable], label).toEqual([[], []]);
    expect((await harness.process().runs())[0]?.unreleased, label).toEqual([]);
  });
  await sideBySide(steps.values(), async ([killAt, step]) => {
    const label = `guardian, killed at ${killAt}, ${step}`;
    const harness = await createEngineHarness();
    await startUntilDeath(harness, createLifetime(killAt));
    await harness.process().guard();
    expect(harness.cloud.alive(), label).toEqual([]);
    expect((await harness.process().runs())[0], label).toMatchObject({ state: "over", unreleased: [] });
    const [first, second, third] = harness.cloud.bill.filter(({ kind }) => kind === "instance");
    expect(third, label).toBeUndefined();
    if (second !== undefined) expect(first?.endingAt, label).toBeLessThanOrEqual(second.since);
  });
}
