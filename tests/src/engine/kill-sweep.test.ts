import { readdir, readFile } from "node:fs/promises";
import { createLife, type Life } from "@unitrain/conformance";
import { openRuns } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { createStage, eventsOf, logOf, type Stage, startRun } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

/** Runs until the process dies or the run is over. */
async function runUntilDeath(stage: Stage, life: Life): Promise<void> {
  const whole = (async () => {
    const run = await startRun(stage.process({ life }), stage);
    await run.result;
  })();
  await Promise.race([whole, life.death]);
}

async function stepsOfAWholeRun(): Promise<readonly string[]> {
  const life = createLife();
  await runUntilDeath(await createStage(), life);
  return life.steps;
}

describe("a process killed with -9", () => {
  test("at any ledger write or call leaves nothing paid after gc of a new process", async () => {
    const steps = await stepsOfAWholeRun();
    expect(steps.length).toBeGreaterThan(60);
    await sideBySide(steps.entries(), async ([killAt, step]) => {
      const stage = await createStage();
      const life = createLife(killAt);
      await runUntilDeath(stage, life);
      const report = await stage.process().gc();
      expect(stage.world.alive(), `killed at ${killAt}, ${step}`).toEqual([]);
      expect(report.unconfirmed, `killed at ${killAt}, ${step}`).toEqual([]);
      const instances = stage.world.bill.filter(({ kind }) => kind === "instance");
      expect(instances.length, `killed at ${killAt}, ${step}`).toBeLessThanOrEqual(1);
    });
  }, 120_000);

  test("at any step, a new process that attaches brings the model home, each line once and one job", async () => {
    const steps = await stepsOfAWholeRun();
    const first = steps.indexOf("ledger leased: after");
    const last = steps.lastIndexOf("ledger finished: before");
    expect(first).toBeGreaterThan(0);
    await sideBySide([...steps.entries()].slice(first, last + 1), async ([killAt, step]) => {
      const where = `killed at ${killAt}, ${step}`;
      const stage = await createStage();
      const life = createLife(killAt);
      await runUntilDeath(stage, life);
      const run = await stage.process().attach();
      expect(run.role, where).toBe("controller");
      const events = await eventsOf(run);
      const { outcome, receipt } = await run.result;
      expect(outcome, where).toBe("completed");
      expect(receipt.out, where).toBe(stage.out);
      expect((await readdir(stage.out)).sort(), where).toEqual(["receipt.json", "results.txt", "weights"]);
      expect(stage.world.alive(), where).toEqual([]);
      expect([...stage.world.starts.values()], where).toEqual([1, 1]);
      expect(logOf(events), where).toBe(stage.world.training.log);
      expect(await readFile(run.paths.log, "utf8"), where).toBe(stage.world.training.log);
      expect(
        events.map(({ seq }) => seq),
        where,
      ).toEqual(events.map((_, at) => at));
      const epochs = events.flatMap((event) => (event.type === "progress" ? [event.done] : []));
      expect(epochs, where).toEqual([1, 2, 3, 4, 5]);
    });
  }, 120_000);

  test("while it was renting: the run that attaches gives back and says so", async () => {
    const steps = await stepsOfAWholeRun();
    const stage = await createStage();
    await runUntilDeath(stage, createLife(steps.indexOf("provider.instance: after")));
    expect(stage.world.alive()).toHaveLength(2);
    const run = await stage.process().attach();
    await expect(run.result).rejects.toMatchObject({ code: "LEASE_FAILED" });
    expect(stage.world.alive()).toEqual([]);
  });

  test("gc leaves a living controller's run alone, and answers for a dead one", async () => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    expect((await stage.process().gc()).runs).toEqual([]);
    expect(stage.world.alive().length).toBe(3);
    await run.result;
    expect(
      (await openRuns({ home: stage.home }).runs()).map(({ state, outcome }) => [state, outcome]),
    ).toEqual([["over", "completed"]]);
  });
});
