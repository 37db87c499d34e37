import { expect, test } from "vitest";
import { startCloud } from "../../test/cloud.ts";
import type { RandomFaults } from "../canopywave/faults/plan.ts";

test("a fault strikes as often as asked, after those that it lets pass", async () => {
  const { emulator, call } = await startCloud();
  const fault = emulator.inject({ fault: "server-error", calls: ["images"], skip: 1, times: 2 });
  const statuses = [];
  for (let time = 0; time < 5; time += 1) {
    statuses.push((await call("GET", "/images")).status, (await call("GET", "/projects")).status);
  }
  expect(statuses).toEqual([200, 200, 500, 200, 500, 200, 200, 200, 200, 200]);
  expect(fault.struck()).toBe(2);
});

test("a fault strikes only what `when` accepts, and can be cancelled", async () => {
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

test("a fault lasts for minutes, from the first time it strikes", async () => {
  const { emulator, clock, call } = await startCloud();
  emulator.inject({ fault: "server-error", forMs: 300_000 });
  clock.pass(600_000);
  expect((await call("GET", "/images")).status).toBe(500);
  clock.pass(299_999);
  expect((await call("GET", "/images")).status).toBe(500);
  clock.pass(1);
  expect((await call("GET", "/images")).status).toBe(200);
});

test("whether the call takes effect can be said otherwise", async () => {
  const { emulator, call } = await startCloud();
  emulator.inject({ fault: "unauthorized", done: true });
  expect((await call("POST", "/ips")).status).toBe(401);
  expect(emulator.addresses()).toHaveLength(1);
});

test("by chance: the same seed gives the same faults, another one others, and clear ends them", async () => {
  const random = { seed: 7, chance: 0.4, names: ["server-error", "not-found", "error-as-msg"] } as const;
  const first = await faultsOf(random);
  expect(first.filter(Boolean).length).toBeGreaterThan(4);
  expect(first.filter(Boolean).length).toBeLessThan(25);
  expect(await faultsOf(random)).toEqual(first);
  expect(await faultsOf({ ...random, seed: 8 })).not.toEqual(first);
  const { emulator, call } = await startCloud({ random: { ...random, chance: 1 } });
  emulator.clearFaults();
  expect((await call("GET", "/images")).status).toBe(200);
});

async function faultsOf(random: RandomFaults): Promise<(string | undefined)[]> {
  const { emulator, call } = await startCloud({ random });
  for (let time = 0; time < 30; time += 1) await call("GET", "/images");
  return emulator.events().map(({ fault }) => fault);
}
