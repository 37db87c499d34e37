import { type FaultName, faultNames } from "@unitrain/cloud-emulator/canopywave";
import { expect } from "vitest";
import { type Testbed, testbed } from "./testbed.ts";

/** All but two that have tests of their own: after one nobody can tell which address is ours, the other makes two instances. */
const apart = ["address-lost-among-others", "launch-twice"];
const names = faultNames.filter((name) => !apart.includes(name));

/** Rents and gives back while one request in seven goes wrong; then nothing of ours is left. */
export async function surviveFaults(seed: number): Promise<void> {
  const bed = await testbed({ timeoutMs: 100, region: undefined }, { random: { seed, chance: 0.15, names } });
  await bed.rent().catch((error: unknown) => expect(error).toMatchObject({ code: expect.any(String) }));
  expect(bed.ours().instances).toBeLessThanOrEqual(1);
  await bed.releaseAll();
  bed.emulator.clearFaults();
  await expectNothingLeft(bed);
  expect(bed.others()).not.toBe("gone");
}

/** Rents and gives back; the client is gone from its n-th request on. Answers whether it ever came to that. */
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
  const bed = await testbed({
    region: undefined,
    fetch: async (...given) => {
      sent += 1;
      if (sent < death) return fetch(...given);
      if (sent === death && when === "after") await fetch(...given);
      die();
      return new Promise<never>(() => {});
    },
  });
  for (const fault of faults) bed.emulator.inject({ fault });
  await Promise.race([bed.rent().then(bed.releaseAll), died]);
  expect(bed.ours().instances).toBeLessThanOrEqual(1);
  await expectNothingLeft(bed);
  expect(bed.others()).toBe("untouched");
  return sent >= death;
}

async function expectNothingLeft(bed: Testbed): Promise<void> {
  expect(await bed.anotherProcess().releaseAll()).toEqual([]);
  expect(bed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
}
