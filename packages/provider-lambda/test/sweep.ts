import { type FaultName, faultNames } from "@unitrain/cloud-emulator/lambda";
import { expect } from "vitest";
import { createTestbed, type Testbed } from "./testbed.ts";

/** All faults except one with a test of its own, which creates two instances. */
const names = faultNames.filter((name) => name !== "launch-twice");

/** Rents and releases while one request in seven fails, and asserts that nothing of ours remains. */
export async function surviveFaults(seed: number): Promise<void> {
  const testbed = await createTestbed({ timeoutMs: 100 }, { random: { seed, chance: 0.15, names } });
  const foreign = testbed.others();
  await testbed.rent().catch((error: unknown) => expect(error).toMatchObject({ code: expect.any(String) }));
  expect(testbed.ours().instances).toBeLessThanOrEqual(1);
  await testbed.releaseAll();
  testbed.emulator.clearFaults();
  await expectNothingLeft(testbed);
  expect(testbed.others()).toEqual(foreign);
}

/** Rents and releases with a client that dies at its n-th request. Returns whether it made that many requests. */
export async function surviveDeath(
  death: number,
  when: "before" | "after",
  ...faults: readonly FaultName[]
): Promise<boolean> {
  let sent = 0;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const testbed = await createTestbed({
    fetch: async (...parameters) => {
      sent += 1;
      if (sent < death) return fetch(...parameters);
      if (sent === death && when === "after") await fetch(...parameters);
      die();
      return new Promise<never>(() => {});
    },
  });
  for (const fault of faults) testbed.emulator.inject({ fault });
  const foreign = testbed.others();
  await Promise.race([testbed.rent().then(() => testbed.releaseAll()), died]);
  expect(testbed.ours().instances).toBeLessThanOrEqual(1);
  await expectNothingLeft(testbed);
  expect(testbed.others()).toEqual(foreign);
  return sent >= death;
}

async function expectNothingLeft(testbed: Testbed): Promise<void> {
  expect(await testbed.releaseAll(testbed.anotherProvider()), testbed.statusMessages.join("\n")).toEqual([]);
  expect(testbed.ours()).toEqual({ instances: 0, keys: 0 });
}
