import { createLifetime, type Lifetime } from "@unitrain/conformance";
import { expect } from "vitest";
import { sideBySide } from "../engine/side-by-side.ts";
import { type CloudHarness, createHarnessOf } from "./cloud-harness.ts";
import type { Cloud, CloudEmulator } from "./clouds.ts";

/** How many places of a run a client can be killed at. */
export interface Deaths {
  readonly requests: number;
  readonly ledgerWrites: number;
}

/**
 * Kills a client with -9 before or after each request or ledger write of a run, then lets `gc` release everything. Returns
 * how many such places the run has.
 */
export async function sweepDeaths(cloud: Cloud): Promise<Deaths> {
  const all = await findDeaths(cloud);
  await sideBySide(all, async ([killAt, step]) => {
    const label = `killed at ${killAt}, ${step}`;
    await createHarnessOf(cloud, async (harness) => {
      await completeRun(harness, createLifetime(killAt));
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
  const requests = all.filter(([, step]) => step.startsWith("request")).length;
  return { requests, ledgerWrites: all.length - requests };
}

/** Only requests create costs, and only ledger writes record them, so a kill between two of them has no other effect. */
async function findDeaths(cloud: Cloud): Promise<readonly [number, string][]> {
  const lifetime = createLifetime();
  await createHarnessOf(cloud, async (harness) => {
    await completeRun(harness, lifetime);
    expect(harness.ours()).toEqual([]);
    expect(harness.emulator.bill().mostInstancesAtOnce(({ isForeign }) => !isForeign)).toBe(1);
  });
  return [...lifetime.steps.entries()].filter(([, step]) => /^(request|ledger) /.test(step));
}

async function completeRun(harness: CloudHarness<CloudEmulator>, lifetime: Lifetime): Promise<void> {
  const run = async () => {
    const unitrain = harness.process(lifetime);
    const plan = await unitrain.plan({ data: ".", out: harness.out, budgetUsd: 8 });
    const started = await unitrain.start(plan);
    await started.result;
  };
  await Promise.race([run(), lifetime.death]);
}
