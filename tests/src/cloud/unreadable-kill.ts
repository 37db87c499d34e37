import { createLifetime, type Lifetime } from "@unitrain/conformance";
import { expect } from "vitest";
import { sideBySide } from "../engine/side-by-side.ts";
import { type CloudHarness, createCloudHarness } from "./cloud-harness.ts";
import { reads } from "./unreadable.ts";

async function wholeRun(harness: CloudHarness, lifetime: Lifetime): Promise<void> {
  const run = async () => {
    const unitrain = harness.process(lifetime);
    const plan = await unitrain.plan({ data: ".", out: harness.out, budgetUsd: 8 });
    await (await unitrain.start(plan)).result;
  };
  await Promise.race([run(), lifetime.death]);
}

/**
 * Kills a client at the chosen steps; from then on CanopyWave answers every read with 503. An instance whose id
 * is in the ledger is still terminated by `gc`, and `gc` does not report it as gone.
 */
export async function killUnreadable(isChosen: (step: string) => boolean): Promise<number> {
  const lifetime = createLifetime();
  await createCloudHarness((harness) => wholeRun(harness, lifetime));
  const chosen = [...lifetime.steps.entries()].filter(([, step]) => isChosen(step));
  let terminated = 0;
  await sideBySide(chosen, async ([killAt, step]) => {
    const label = `killed at ${killAt}, ${step}`;
    await createCloudHarness(async (harness) => {
      await wholeRun(harness, createLifetime(killAt));
      const [run] = await harness.process().runs();
      const id = run?.unreleased.find(({ kind }) => kind === "instance")?.id;
      harness.emulator.inject({ fault: "server-error-empty", calls: reads, times: Number.POSITIVE_INFINITY });
      const report = await harness.process().gc({ downloadWithinMs: 60_000 });
      if (id !== undefined) {
        expect(harness.ours(), label).not.toContain(`instance ${id}`);
        expect(
          report.unconfirmed.map(({ resource }) => resource.id),
          label,
        ).toContain(id);
        terminated += 1;
      }
      harness.emulator.clearFaults();
      expect((await harness.process().gc()).unconfirmed, label).toEqual([]);
      expect(harness.ours(), label).toEqual([]);
      harness.expectOthersUntouched(label);
    });
  });
  return terminated;
}
