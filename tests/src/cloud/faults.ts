import { faultNames } from "@unitrain/cloud-emulator/canopywave";
import { UnitrainError } from "@unitrain/core";
import { expect } from "vitest";
import { createCloudHarness } from "./cloud-harness.ts";
import { canopyWaveCloud } from "./clouds.ts";

/** All faults except two with their own tests: after one of them it is unknown which address is ours, the other creates two instances. */
const names = faultNames.filter((name) => name !== "address-lost-among-others" && name !== "launch-twice");

/** Executes a run in which one request in five fails in a way that the seed decides. Returns how the run ended. */
export async function runWithFaults(seed: number): Promise<string> {
  let ending = "completed";
  await createCloudHarness(
    async (harness) => {
      const label = `seed ${seed}`;
      const unitrain = harness.process();
      try {
        const plan = await unitrain.plan({ data: ".", out: harness.out, budgetUsd: 8 });
        const run = await unitrain.start(plan);
        await run.result;
      } catch (error) {
        if (!UnitrainError.isInstance(error)) throw error;
        ending = error.code;
      }
      harness.emulator.clearFaults();
      const report = await harness.process().gc();
      expect(report.unconfirmed, label).toEqual([]);
      expect(harness.ours(), label).toEqual([]);
      const bill = harness.emulator.bill();
      expect(
        bill.mostInstancesAtOnce(({ name }) => name.startsWith("unitrain-")),
        label,
      ).toBeLessThanOrEqual(1);
    },
    canopyWaveCloud({ random: { seed, chance: 0.2, names } }),
  );
  return ending;
}
