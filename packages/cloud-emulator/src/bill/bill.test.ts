import { expect, test } from "vitest";
import { startCloud } from "../../test/cloud.ts";

test("bills an instance per started second, from its launch until it is gone", async () => {
  const { emulator, clock, launch, call } = await startCloud({ boot: { terminateMs: 2_000 } });
  const { data } = await launch();
  clock.pass(3_597_500);
  await call("POST", "/instance-operations/terminate", { id: data.id });
  clock.pass(86_400_000);
  const [entry] = emulator.bill().entries;
  expect(entry).toMatchObject({ kind: "instance", seconds: 3_600, usdPerHour: 0.07, isForeign: false });
  expect(entry?.usd).toBeCloseTo(0.07);
});

test("bills all upfront hours of a flavor, however short the instance ran", async () => {
  const { emulator, clock, launch, call } = await startCloud();
  const { data } = await launch({ flavor: "H100-8", image: "GPU-Ubuntu.24.04" });
  clock.pass(60_000);
  await call("POST", "/instance-operations/terminate", { id: data.id });
  expect(emulator.bill().totalUsd).toBeCloseTo(24 * 18);
});

test("reports when each resource was alive, and how many were alive at once", async () => {
  const { emulator, clock, launch, call } = await startCloud({ boot: { terminateMs: 0 } });
  const before = clock.now();
  clock.pass(1_000);
  const { data: first } = await launch();
  clock.pass(1_000);
  await call("POST", "/instance-operations/terminate", { id: first.id });
  await launch({ name: "second" });
  clock.pass(1_000);
  await launch({ name: "third" });
  const bill = emulator.bill();
  expect(bill.aliveAt(before)).toEqual([]);
  expect(bill.aliveAt(before + 1_500).map(({ name }) => name)).toEqual(["unitrain-a-b-1"]);
  expect(bill.mostInstancesAtOnce()).toBe(2);
  expect(bill.mostInstancesAtOnce(({ name }) => name !== "third")).toBe(1);
});
