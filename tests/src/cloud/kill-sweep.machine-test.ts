import { createLifetime, type Lifetime } from "@unitrain/conformance";
import { expect, test } from "vitest";
import { sideBySide } from "../engine/side-by-side.ts";
import { type CloudHarness, createCloudHarness } from "./cloud-harness.ts";

async function wholeRun(harness: CloudHarness, lifetime: Lifetime): Promise<void> {
  const run = async () => {
    const unitrain = harness.process(lifetime);
    const plan = await unitrain.plan({ data: ".", out: harness.out, budgetUsd: 8 });
    const started = await unitrain.start(plan);
    await started.result;
  };
  await Promise.race([run(), lifetime.death]);
}

/** Only requests create costs, and only ledger writes record them, so a kill between two of them has no other effect. */
async function deaths(): Promise<readonly [number, string][]> {
  const lifetime = createLifetime();
  await createCloudHarness(async (harness) => {
    await wholeRun(harness, lifetime);
    expect(harness.ours()).toEqual([]);
  });
  return [...lifetime.steps.entries()].filter(([, step]) => /^(request|ledger) /.test(step));
}

test("gc releases everything after a client is killed with -9 before or after any request or ledger write of a run", async () => {
  const all = await deaths();
  const requests = all.filter(([, step]) => step.startsWith("request"));
  expect(requests.length).toBeGreaterThan(40);
  expect(all.length - requests.length).toBeGreaterThan(20);
  await sideBySide(all, async ([killAt, step]) => {
    const label = `killed at ${killAt}, ${step}`;
    await createCloudHarness(async (harness) => {
      await wholeRun(harness, createLifetime(killAt));
      const report = await harness.process().gc();
      expect(report.unconfirmed, label).toEqual([]);
      expect(harness.ours(), label).toEqual([]);
      expect(
        harness.emulator.bill().mostInstancesAtOnce(({ name }) => name.startsWith("unitrain-")),
        label,
      ).toBeLessThanOrEqual(1);
      harness.expectOthersUntouched(label);
    });
  });
}, 120_000);
