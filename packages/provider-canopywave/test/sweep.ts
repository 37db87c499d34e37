import { type FaultName, faultNames } from "@unitrain/cloud-emulator/canopywave";
import { expect } from "vitest";
import { createTestbed, type Testbed } from "./testbed.ts";

/** All faults except two with their own tests: after one of them it is unknown which address is ours, the other creates two instances. */
const apart = ["address-lost-among-others", "launch-twice"];
const names = faultNames.filter((name) => !apart.includes(name));

/** Rents and releases while one request in seven fails, and asserts that nothing of ours remains. */
export async function surviveFaults(seed: number): Promise<void> {
  const testbed = await createTestbed(
    { timeoutMs: 100, region: undefined },
    { random: { seed, chance: 0.15, names } },
  );
  await testbed.rent().catch((error: unknown) => expect(error).toMatchObject({ code: expect.any(String) }));
  expect(testbed.ours().instances).toBeLessThanOrEqual(1);
  await testbed.releaseAll();
  testbed.emulator.clearFaults();
  await expectNothingLeft(testbed);
  expect(testbed.others()).not.toBe("gone");
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
    region: undefined,
    fetch: async (...parameters) => {
      sent += 1;
      if (sent < death) return fetch(...parameters);
      if (sent === death && when === "after") await fetch(...parameters);
      die();
      return new Promise<never>(() => {});
    },
  });
  for (const fault of faults) testbed.emulator.inject({ fault });
  await Promise.race([testbed.rent().then(testbed.releaseAll), died]);
  expect(testbed.ours().instances).toBeLessThanOrEqual(1);
  await expectNothingLeft(testbed);
  expect(testbed.others()).toBe("untouched");
  return sent >= death;
}

async function expectNothingLeft(testbed: Testbed): Promise<void> {
  expect(await testbed.anotherProcess().releaseAll()).toEqual([]);
  expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
}
