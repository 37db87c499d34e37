import { createLife, type Life } from "@unitrain/conformance";
import { expect, test } from "vitest";
import { sideBySide } from "../engine/side-by-side.ts";
import { type CloudStage, onCloud } from "./cloud-harness.ts";

async function wholeRun(stage: CloudStage, life: Life): Promise<void> {
  const run = async () => {
    const unitrain = stage.process(life);
    const plan = await unitrain.plan({ data: ".", out: stage.out, budgetUsd: 8 });
    const started = await unitrain.start(plan);
    await started.result;
  };
  await Promise.race([run(), life.death]);
}

/** All that is paid happens in requests and is remembered by ledger writes; what lies between two of them changes neither. */
async function deaths(): Promise<readonly [number, string][]> {
  const life = createLife();
  await onCloud(async (stage) => {
    await wholeRun(stage, life);
    expect(stage.ours()).toEqual([]);
  });
  return [...life.steps.entries()].filter(([, step]) => /^(request|ledger) /.test(step));
}

test("a client killed with -9 before and after every request and ledger write of a whole run leaves nothing that gc does not give back", async () => {
  const all = await deaths();
  const requests = all.filter(([, step]) => step.startsWith("request"));
  expect(requests.length).toBeGreaterThan(40);
  expect(all.length - requests.length).toBeGreaterThan(20);
  await sideBySide(all, async ([killAt, step]) => {
    const where = `killed at ${killAt}, ${step}`;
    await onCloud(async (stage) => {
      await wholeRun(stage, createLife(killAt));
      const report = await stage.process().gc();
      expect(report.unconfirmed, where).toEqual([]);
      expect(stage.ours(), where).toEqual([]);
      expect(
        stage.emulator.bill().mostInstancesAtOnce(({ name }) => name.startsWith("unitrain-")),
        where,
      ).toBeLessThanOrEqual(1);
      stage.expectOthersUntouched(where);
    });
  });
}, 120_000);
