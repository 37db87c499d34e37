import { startEmulator } from "@unitrain/cloud-emulator/runpod";
import { expect, it, onTestFinished } from "vitest";
import { createTestbed, type Testbed } from "../test/testbed.ts";
import { runpod } from "./index.ts";

const state = ({ provider, resources, context }: Testbed) => provider.getMachineState(resources(), context);

it("a pod runs once its SSH port is mapped to another number, with root as user", async () => {
  const testbed = await createTestbed();
  testbed.emulator.inject({ fault: "port-mapped-late", ms: 60_000 });
  await testbed.rent();
  expect(await state(testbed)).toEqual({ state: "starting", detail: "PROVISIONING" });
  await testbed.clock.wait(5_000);
  expect(await state(testbed)).toMatchObject({
    state: "starting",
    detail: expect.stringContaining("no public address"),
  });
  await testbed.clock.wait(60_000);
  const [pod] = testbed.ours();
  expect(await state(testbed)).toMatchObject({
    state: "running",
    machine: { host: expect.stringMatching(/^127\./), port: pod?.publicPort, user: "root", trust: "lease" },
  });
  expect(pod?.publicPort).not.toBe(22);
});

it.each([
  ["proxy-only", {}, { state: "starting" }],
  ["host-vanishes", {}, { state: "starting", detail: expect.stringContaining("RUNNING") }],
  ["instance-stopped", {}, { state: "stopped", detail: "EXITED" }],
  [
    "spot-interrupted",
    { interruptible: true },
    { state: "preempted", detail: expect.stringContaining("spot") },
  ],
  ["instance-error", {}, { state: "failed" }],
  ["status-unknown", {}, { state: "unknown", detail: "the status is MIGRATING" }],
  [
    "instance-vanishes",
    {},
    { state: "gone", evidence: expect.stringMatching(/^GET \/v2\/pods\/\w+ answered 404$/) },
  ],
] as const)("after %s with %j the state is right", async (fault, options, expected) => {
  const testbed = await createTestbed(options);
  testbed.emulator.inject({ fault });
  await testbed.rent();
  await testbed.clock.wait(300_000);
  expect(await state(testbed)).toMatchObject(expected);
});

it("a stopped pod still costs its disk, and is released", async () => {
  const testbed = await createTestbed();
  testbed.emulator.inject({ fault: "instance-stopped" });
  await testbed.rent();
  await testbed.clock.wait(60_000);
  const costs = testbed.emulator.bill().aliveAt(testbed.clock.now());
  expect(costs).toMatchObject([{ kind: "volume", usdPerHour: expect.closeTo(0.0027, 3) }]);
  expect(await testbed.releaseAll()).toEqual([]);
  expect(testbed.emulator.bill().aliveAt(testbed.clock.now())).toEqual([]);
});

it("the key of another account proves nothing, another key of the same account does", async () => {
  const testbed = await createTestbed();
  await testbed.rent();
  const useAnother = async (accountId: string) => {
    const { folder } = testbed.context;
    const other = await startEmulator({ folder: `${folder}/${accountId}`, clock: testbed.clock, accountId });
    onTestFinished(() => other.close());
    return runpod({ baseUrl: other.url, apiKey: other.apiKey, now: testbed.clock.now });
  };
  await testbed.clock.wait(600_000);
  const stranger = await useAnother("user_other");
  const seen = testbed.resources().map((resource) => ({ ...resource, seenAt: "2026-01-01T00:00:00.000Z" }));
  expect(await stranger.getMachineState(seen, testbed.context)).toMatchObject({
    state: "unknown",
    detail: expect.stringContaining("another RunPod API key"),
  });
  await expect(stranger.release(seen, testbed.context)).rejects.toMatchObject({ code: "PROVIDER_ACCESS" });
  const sameAccount = await useAnother("user_emulated");
  expect(await sameAccount.release(seen, testbed.context)).toMatchObject([
    { evidence: expect.stringContaining("answered 404") },
  ]);
});

it("a pod that answers TERMINATED by id is gone", async () => {
  const testbed = await createTestbed();
  testbed.emulator.inject({ fault: "terminate-shows-terminated" });
  await testbed.rent();
  const proofs = await testbed.provider.release(testbed.resources(), testbed.context);
  expect(proofs).toMatchObject([{ evidence: expect.stringMatching(/says TERMINATED$/) }]);
});
