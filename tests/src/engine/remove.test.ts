import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLifetime } from "@unitrain/conformance";
import { expect, test } from "vitest";
import { createEngineHarness, startRun } from "./engine-harness.ts";

test("rm removes the records of a run that costs nothing any more, and keeps results", async () => {
  const harness = await createEngineHarness();
  const unitrain = harness.process();
  const run = await startRun(unitrain, harness);
  await expect(unitrain.remove(run.id)).rejects.toMatchObject({ code: "RUN_BUSY" });
  await run.result;
  const results = join(run.paths.folder, "results");
  await mkdir(results);
  await writeFile(join(results, "best.model"), "whole");
  await expect(unitrain.remove(run.id)).rejects.toThrow(results);
  await rm(results, { recursive: true });
  expect(await unitrain.runs()).toHaveLength(1);
  expect(await unitrain.remove(run.name)).toEqual({ id: run.id, name: run.name, out: harness.out });
  expect(await readdir(join(harness.home, "runs"))).toEqual([]);
  expect((await readdir(harness.home)).filter((name) => name.startsWith("removed-"))).toEqual([]);
  expect(await readFile(join(harness.out, "weights/best.model"), "utf8")).toBe("whole: best");
  await expect(unitrain.remove(run.name)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("rm keeps the records of a run that may still cost something", async () => {
  const harness = await createEngineHarness();
  const lifetime = createLifetime();
  const run = await startRun(harness.process({ lifetime }), harness);
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  lifetime.kill();
  await lifetime.death;
  const later = harness.process();
  await expect(later.remove(run.id)).rejects.toThrow(/not confirmed gone.*cost/);
  expect(await later.runs()).toHaveLength(1);
});
