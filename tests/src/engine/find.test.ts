import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { createEngineHarness, startRun } from "./engine-harness.ts";

test("find returns the list entry and the plan of a run by name, id or prefix, and changes nothing", async () => {
  const harness = await createEngineHarness();
  const unitrain = harness.process();
  const run = await startRun(unitrain, harness);
  const active = await unitrain.find();
  expect(active).toMatchObject({ id: run.id, state: "active", controller: process.pid, plan: run.plan });
  await run.result;
  const files = await readdir(run.paths.folder);
  const [listed] = await unitrain.runs();
  for (const wanted of [run.name, run.id, run.id.slice(0, -2), undefined]) {
    const { plan, ...summary } = await harness.process().find(wanted);
    expect(summary).toEqual(listed);
    expect(plan.runId).toBe(run.id);
  }
  expect(await readdir(run.paths.folder)).toEqual(expect.arrayContaining(files));
  await expect(unitrain.find("nobody")).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});
