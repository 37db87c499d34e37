import { describe, expect, it } from "vitest";
import { createTestbed, leaseName } from "../../test/testbed.ts";

const hourMs = 3_600_000;
const creations = ["create", "deploy"];

describe("the deadline of RunPod itself", () => {
  it("is armed 10 minutes after the limit of the run, and ends the pod without any request", async () => {
    const testbed = await createTestbed();
    const startMs = testbed.clock.now();
    expect(await testbed.quote()).toMatchObject({ ownDeadline: true });
    await testbed.rent({ endsBy: new Date(startMs + hourMs).toISOString() });
    expect(testbed.ours()).toMatchObject([{ terminateAfterMs: startMs + hourMs + 600_000 }]);
    await testbed.clock.wait(hourMs + 590_000);
    expect(testbed.ours()).toHaveLength(1);
    await testbed.clock.wait(20_000);
    expect(testbed.ours()).toEqual([]);
    expect(testbed.emulator.bill().aliveAt(testbed.clock.now())).toEqual([]);
  });

  it.each([
    ["without a limit", {}, {}],
    ["when it is switched off", { ownDeadline: false }, { endsBy: "2999-01-01T00:00:00.000Z" }],
    ["for a pod without GPUs", { gpu: undefined, gpus: 0 }, { endsBy: "2999-01-01T00:00:00.000Z" }],
  ])("is not armed %s, and the documented REST API creates the pod", async (_when, options, limits) => {
    const testbed = await createTestbed(options);
    await testbed.rent(limits);
    expect(testbed.ours()).toMatchObject([{ terminateAfterMs: null, name: leaseName }]);
    const calls = testbed.emulator.events().map(({ call }) => call);
    expect(calls.filter((call) => creations.includes(call))).toEqual(["create"]);
  });

  it("is not promised where it cannot be armed", async () => {
    for (const options of [{ ownDeadline: false }, { gpu: undefined, gpus: 0 }]) {
      const testbed = await createTestbed(options);
      expect(await testbed.quote()).not.toHaveProperty("ownDeadline");
    }
  });

  it("names the permission that a restricted key lacks, and rents nothing", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "graphql-forbidden", times: Number.POSITIVE_INFINITY });
    await expect(testbed.rent({ endsBy: "2999-01-01T00:00:00.000Z" })).rejects.toMatchObject({
      code: "PROVIDER_ACCESS",
      hint: expect.stringMatching(/GraphQL.*ownDeadline/),
    });
    expect(testbed.ours()).toEqual([]);
  });
});

describe("a refusal", () => {
  it.each([
    ["out-of-stock", "OUT_OF_STOCK"],
    ["balance-too-low", "PAYMENT_REQUIRED"],
    ["spend-limit", "QUOTA_EXCEEDED"],
  ] as const)("%s is %s at once, by REST and by GraphQL", async (fault, code) => {
    for (const limits of [{}, { endsBy: "2999-01-01T00:00:00.000Z" }]) {
      const testbed = await createTestbed();
      testbed.emulator.inject({ fault });
      const startMs = testbed.clock.now();
      await expect(testbed.rent(limits)).rejects.toMatchObject({ code });
      expect(testbed.clock.now() - startMs).toBeLessThan(20_000);
      expect(testbed.ours()).toEqual([]);
      expect(testbed.resources()).toMatchObject([{ reference: { asked: false } }]);
    }
  });
});

it("a second pod of the same request is terminated at once", async () => {
  const testbed = await createTestbed();
  testbed.emulator.inject({ fault: "launch-twice" });
  await testbed.rent();
  await testbed.clock.wait(1_000);
  expect(testbed.ours()).toHaveLength(1);
  expect(testbed.statusMessages.join()).toContain("a second pod of the same request");
});

it("a spot pod is bid for at the planned price", async () => {
  const testbed = await createTestbed({ interruptible: true, gpus: 2 });
  const quoted = await testbed.quote();
  expect(quoted).toMatchObject({ priceUsdPerHour: 0.58, interruptible: true, gpus: 2 });
  await testbed.rent();
  expect(testbed.ours()).toMatchObject([{ interruptible: true, centsPerHour: expect.closeTo(58) }]);
});

it("a host of the community cloud is asked for a public address", async () => {
  const testbed = await createTestbed({ cloud: "COMMUNITY" });
  expect(await testbed.quote()).toMatchObject({ priceUsdPerHour: 0.34 });
  await testbed.rent();
  expect(testbed.ours()).toMatchObject([{ cloud: "COMMUNITY", mappedAfterMs: 0 }]);
});

it("the pod gets the key of the lease, and the data center of the options", async () => {
  const testbed = await createTestbed({ region: "eu-ro-1" });
  await testbed.rent();
  expect(testbed.ours()).toMatchObject([{ region: "EU-RO-1", publicKey: testbed.context.publicKey }]);
});
