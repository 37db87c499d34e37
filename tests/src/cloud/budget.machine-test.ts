import { createLifetime } from "@unitrain/conformance";
import type { PlanOptions, Run } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { type CloudHarness, createHarnessOf } from "./cloud-harness.ts";
import { type Cloud, type CloudEmulator, canopyWaveCloud, lambdaCloud, runPodCloud } from "./clouds.ts";

type Harness = CloudHarness<CloudEmulator>;

describe.each<[string, Cloud]>([
  ["CanopyWave", canopyWaveCloud()],
  ["Lambda", lambdaCloud],
  ["RunPod", runPodCloud],
])("on %s", (_name, cloud) => {
  test.each<[string, Partial<PlanOptions>]>([
    ["budget", { budgetUsd: 2 }],
    ["time limit", { maxHours: 0.5 }],
  ])(
    "a run that reaches its %s ends in time, with its model and a receipt within the limit",
    async (_limit, limits) => {
      await createHarnessOf(cloud, async (harness) => {
        const run = await startLong(harness, limits);
        const { outcome, artifacts, receipt } = await run.result;
        expect([outcome, receipt.stoppedBy]).toEqual(["stopped", "limit"]);
        expect(artifacts.some(({ role }) => role === "model")).toBe(true);
        expect(harness.ours()).toEqual([]);
        expect(receipt.lease.costUsd).toBeGreaterThan(0);
        if (limits.budgetUsd !== undefined) {
          expect(receipt.lease.costUsd).toBeLessThanOrEqual(limits.budgetUsd);
          expect(harness.emulator.bill().totalUsd).toBeLessThanOrEqual(limits.budgetUsd);
        }
        const [paid] = harness.emulator.bill().entries.filter(isOurMachine);
        // The release is polled, and virtual time passes beside real requests.
        if (limits.maxHours !== undefined) expect(paid?.seconds).toBeLessThanOrEqual(1800 + 180);
      });
    },
  );

  test("the guardian keeps the budget of a run whose client was killed with -9", async () => {
    await createHarnessOf(cloud, async (harness) => {
      const lifetime = createLifetime();
      const run = await startLong(harness, { budgetUsd: 2 }, lifetime);
      for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
      lifetime.kill();
      await harness.process().guard();
      const [summary] = await harness.process().runs();
      expect(summary).toMatchObject({ state: "over", outcome: "stopped", unreleased: [] });
      expect(harness.ours()).toEqual([]);
      expect(harness.emulator.bill().totalUsd).toBeLessThanOrEqual(2);
    });
  });

  test("a price that rose after the plan is refused, and nothing is rented", async () => {
    await createHarnessOf(cloud, async (harness) => {
      const unitrain = harness.process();
      const plan = await unitrain.plan({ data: ".", out: harness.out, budgetUsd: 2 });
      harness.emulator.inject({ fault: "price-changed", times: Number.POSITIVE_INFINITY });
      const start = async () => (await unitrain.start(plan)).result;
      await expect(start()).rejects.toMatchObject({
        code: "NOT_AVAILABLE",
        message: expect.stringContaining("planned"),
      });
      expectNothingRented(harness);
    });
  });

  test("a machine whose price is unknown is not planned", async () => {
    await createHarnessOf(cloud, async (harness) => {
      harness.emulator.inject({ fault: "price-unknown", times: Number.POSITIVE_INFINITY });
      const plan = harness.process().plan({ data: ".", out: harness.out, budgetUsd: 2 });
      await expect(plan).rejects.toMatchObject({
        code: "NOT_AVAILABLE",
        message: expect.stringContaining("price"),
      });
      expectNothingRented(harness);
    });
  });
});

/** Starts a training that takes longer than any limit of these tests. */
async function startLong(
  harness: Harness,
  limits: Partial<PlanOptions>,
  lifetime = createLifetime(),
): Promise<Run> {
  // Budgets count minutes, so no virtual time may pass while a file is read.
  harness.clock.waitForFiles(500);
  harness.memory.training.durationMs = 100 * 3600_000;
  const unitrain = harness.process(lifetime);
  return unitrain.start(await unitrain.plan({ data: ".", out: harness.out, ...limits }));
}

function isOurMachine({ kind, isForeign }: { readonly kind: string; readonly isForeign: boolean }): boolean {
  return !isForeign && kind !== "address";
}

function expectNothingRented({ emulator, ours }: Harness): void {
  expect(ours()).toEqual([]);
  expect(emulator.bill().entries.filter(isOurMachine)).toEqual([]);
}
