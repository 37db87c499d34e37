import { readdir, readFile } from "node:fs/promises";
import { createLifetime, type Lifetime } from "@unitrain/conformance";
import { openRuns } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import {
  collectEvents,
  createEngineHarness,
  type EngineHarness,
  joinLog,
  startRun,
} from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

/** Executes a run until the process dies or the run is over. */
async function runUntilDeath(harness: EngineHarness, lifetime: Lifetime): Promise<void> {
  const completed = (async () => {
    const run = await startRun(harness.process({ lifetime }), harness);
    await run.result;
  })();
  await Promise.race([completed, lifetime.death]);
}

async function stepsOfAWholeRun(): Promise<readonly string[]> {
  const lifetime = createLifetime();
  await runUntilDeath(await createEngineHarness(), lifetime);
  return lifetime.steps;
}

describe("a process killed with -9", () => {
  test("at any ledger write or call leaves nothing paid after gc in a new process", async () => {
    const steps = await stepsOfAWholeRun();
    expect(steps.length).toBeGreaterThan(60);
    await sideBySide(steps.entries(), async ([killAt, step]) => {
      const harness = await createEngineHarness();
      const lifetime = createLifetime(killAt);
      await runUntilDeath(harness, lifetime);
      const report = await harness.process().gc();
      expect(harness.cloud.alive(), `killed at ${killAt}, ${step}`).toEqual([]);
      expect(report.unconfirmed, `killed at ${killAt}, ${step}`).toEqual([]);
      const instances = harness.cloud.bill.filter(({ kind }) => kind === "instance");
      expect(instances.length, `killed at ${killAt}, ${step}`).toBeLessThanOrEqual(1);
    });
  }, 120_000);

  test("at any step can be replaced: a new process attaches, downloads the model and shows each line of the one job once", async () => {
    const steps = await stepsOfAWholeRun();
    const first = steps.indexOf("ledger leased: after");
    const last = steps.lastIndexOf("ledger finished: before");
    expect(first).toBeGreaterThan(0);
    await sideBySide([...steps.entries()].slice(first, last + 1), async ([killAt, step]) => {
      const label = `killed at ${killAt}, ${step}`;
      const harness = await createEngineHarness();
      const lifetime = createLifetime(killAt);
      await runUntilDeath(harness, lifetime);
      const run = await harness.process().attach();
      expect(run.role, label).toBe("controller");
      const events = await collectEvents(run);
      const { outcome, receipt } = await run.result;
      expect(outcome, label).toBe("completed");
      expect(receipt.out, label).toBe(harness.out);
      expect((await readdir(harness.out)).sort(), label).toEqual(["receipt.json", "results.txt", "weights"]);
      expect(harness.cloud.alive(), label).toEqual([]);
      expect([...harness.cloud.starts.values()], label).toEqual([1, 1]);
      expect(joinLog(events), label).toBe(harness.cloud.training.log);
      expect(await readFile(run.paths.log, "utf8"), label).toBe(harness.cloud.training.log);
      expect(
        events.map(({ seq }) => seq),
        label,
      ).toEqual(events.map((_, at) => at));
      const epochs = events.flatMap((event) => (event.type === "progress" ? [event.done] : []));
      expect(epochs, label).toEqual([1, 2, 3, 4, 5]);
    });
  }, 120_000);

  test("while it was renting: attach releases the resources and says so", async () => {
    const steps = await stepsOfAWholeRun();
    const harness = await createEngineHarness();
    await runUntilDeath(harness, createLifetime(steps.indexOf("provider.instance: after")));
    expect(harness.cloud.alive()).toHaveLength(2);
    const run = await harness.process().attach();
    await expect(run.result).rejects.toMatchObject({ code: "LEASE_FAILED" });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("gc leaves a run with a running controller alone, and handles one whose controller died", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    expect((await harness.process().gc()).runs).toEqual([]);
    expect(harness.cloud.alive().length).toBe(3);
    await run.result;
    expect(
      (await openRuns({ home: harness.home }).runs()).map(({ state, outcome }) => [state, outcome]),
    ).toEqual([["over", "completed"]]);
  });
});
