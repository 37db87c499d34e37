import { expect, test } from "vitest";
import { startCloud } from "../../test/cloud.ts";
import type { RandomFaults } from "../canopywave/faults/plan.ts";

test("a fault applies the requested number of times, after the calls that it skips", async () => {
  const { emulator, call } = await startCloud();
  const fault = emulator.inject({ fault: "server-error", calls: ["images"], skip: 1, times: 2 });
  const statuses = [];
  for (let time = 0; time < 5; time += 1) {
    statuses.push((await call("GET", "/images")).status, (await call("GET", "/projects")).status);
  }
  expect(statuses).toEqual([200, 200, 500, 200, 500, 200, 200, 200, 200, 200]);
  expect(fault.struck()).toBe(2);
});

test("a fault applies only to calls that `when` accepts, and can be cancelled", async () => {
  const { emulator, call } = await startCloud();
  const fault = emulator.inject({
    fault: "forbidden",
    times: Number.POSITIVE_INFINITY,
    when: ({ query }) => query.region === "KEF-3",
  });
  expect((await call("GET", "/ips")).status).toBe(200);
  expect((await call("GET", "/ips?region=KEF-3")).status).toBe(403);
  fault.cancel();
  expect((await call("GET", "/ips?region=KEF-3")).status).toBe(200);
});

test("a fault with a duration lasts from the first call it applies to", async () => {
  const { emulator, clock, call } = await startCloud();
  emulator.inject({ fault: "server-error", forMs: 300_000 });
  clock.pass(600_000);
  expect((await call("GET", "/images")).status).toBe(500);
  clock.pass(299_999);
  expect((await call("GET", "/images")).status).toBe(500);
  clock.pass(1);
  expect((await call("GET", "/images")).status).toBe(200);
});

test("an option overrides whether the faulty call takes effect", async () => {
  const { emulator, call } = await startCloud();
  emulator.inject({ fault: "unauthorized", done: true });
  expect((await call("POST", "/ips")).status).toBe(401);
  expect(emulator.addresses()).toHaveLength(1);
});

test("random faults are reproducible by seed, differ between seeds, and end with clearFaults", async () => {
  const random = { seed: 7, chance: 0.4, names: ["server-error", "not-found", "error-as-msg"] } as const;
  const faults = await collectFaults(random);
  expect(faults.filter(Boolean).length).toBeGreaterThan(4);
  expect(faults.filter(Boolean).length).toBeLessThan(25);
  expect(await collectFaults(random)).toEqual(faults);
  expect(await collectFaults({ ...random, seed: 8 })).not.toEqual(faults);
  const { emulator, call } = await startCloud({ random: { ...random, chance: 1 } });
  emulator.clearFaults();
  expect((await call("GET", "/images")).status).toBe(200);
});

async function collectFaults(random: RandomFaults): Promise<(string | undefined)[]> {
  const { emulator, call } = await startCloud({ random });
  for (let time = 0; time < 30; time += 1) await call("GET", "/images");
  return emulator.events().map(({ fault }) => fault);
}
