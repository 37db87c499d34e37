import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLife } from "@unitrain/conformance";
import { expect, test } from "vitest";
import { createStage, startRun } from "./engine-harness.ts";

test("records go with rm once nothing can cost any more; results stay", async () => {
  const stage = await createStage();
  const unitrain = stage.process();
  const run = await startRun(unitrain, stage);
  await expect(unitrain.remove(run.id)).rejects.toMatchObject({ code: "RUN_BUSY" });
  await run.result;
  const results = join(run.paths.folder, "results");
  await mkdir(results);
  await writeFile(join(results, "best.model"), "whole");
  await expect(unitrain.remove(run.id)).rejects.toThrow(results);
  await rm(results, { recursive: true });
  expect(await unitrain.runs()).toHaveLength(1);
  expect(await unitrain.remove(run.name)).toEqual({ id: run.id, name: run.name, out: stage.out });
  expect(await readdir(join(stage.home, "runs"))).toEqual([]);
  expect((await readdir(stage.home)).filter((name) => name.startsWith("removed-"))).toEqual([]);
  expect(await readFile(join(stage.out, "weights/best.model"), "utf8")).toBe("whole: best");
  await expect(unitrain.remove(run.name)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});

test("a run of which something may still cost keeps its records", async () => {
  const stage = await createStage();
  const life = createLife();
  const run = await startRun(stage.process({ life }), stage);
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  life.kill();
  await life.death;
  const later = stage.process();
  await expect(later.remove(run.id)).rejects.toThrow(/not confirmed gone.*cost/);
  expect(await later.runs()).toHaveLength(1);
});
