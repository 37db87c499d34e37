import type { FaultName, FaultOrder } from "@unitrain/cloud-emulator/canopywave";
import type { MachineState, Resource } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createTestbed, leaseName } from "../test/testbed.ts";

describe("getMachineState", () => {
  it.each<[string, FaultOrder, MachineState["state"]]>([
    ["the key is rejected", { fault: "unauthorized", times: 9 }, "unknown"],
    ["403", { fault: "forbidden", times: 9 }, "unknown"],
    ["500", { fault: "server-error", times: 9 }, "unknown"],
    ["an empty 503", { fault: "server-error-empty", times: 9 }, "unknown"],
    ["a web page", { fault: "html-with-200", times: 9 }, "unknown"],
    ["a cut", { fault: "answer-lost", times: 9 }, "unknown"],
    ["429", { fault: "rate-limited", times: 9 }, "unknown"],
    ["404 while it is listed", { fault: "not-found", calls: ["instance"], times: 9 }, "unknown"],
    ["a failure that passes", { fault: "server-error", times: 2 }, "running"],
    ["escape codes", { fault: "escape-codes", times: 9 }, "running"],
    ["an answer with little in it", { fault: "sparse-answer", times: 9 }, "running"],
  ])("%s: %j is %s", async (_what, order, state) => {
    const testbed = await createTestbed();
    await testbed.rent();
    await testbed.context.wait(300_000);
    testbed.emulator.inject(order);
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state,
    });
  });

  it.each<[FaultName, MachineState["state"]]>([
    ["instance-stopped", "stopped"],
    ["instance-vanishes", "gone"],
  ])("%s is %s", async (fault, state) => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault, ms: 200_000 });
    await testbed.rent();
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "running",
    });
    await testbed.context.wait(300_000);
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state,
    });
  });

  it("is failed with the reason for an instance in ERROR", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "instance-error" });
    await testbed.rent().catch(() => {});
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "failed",
      detail: expect.stringContaining("No valid host"),
    });
  });

  it("is stopped while the instance is being terminated, which may still cost money, then gone", async () => {
    const testbed = await createTestbed();
    await testbed.rent();
    const recorded = testbed.resources();
    testbed.emulator.inject({ fault: "terminate-slow", ms: 60_000 });
    const release = testbed.provider.release(recorded, testbed.context);
    while (!testbed.emulator.events().some(({ call }) => call === "terminate"))
      await testbed.context.wait(10);
    expect(await testbed.provider.getMachineState(recorded, testbed.context)).toMatchObject({
      state: "stopped",
      detail: "ACTIVE, deleting",
    });
    await release;
    expect(await testbed.provider.getMachineState(recorded, testbed.context)).toEqual({
      state: "gone",
      evidence: expect.stringMatching(/GET \/instances\/[\w-]+ answered 404/),
    });
  });

  it("is not gone for a new instance that may be listed late", async () => {
    const testbed = await createTestbed();
    const recordedAt = new Date(testbed.clock.now()).toISOString();
    const note: Resource = {
      kind: "instance",
      name: leaseName,
      region: "sequoia",
      onRelease: "delete",
      recordedAt,
      reference: { project: "andrew@example.com", asked: true },
    };
    const identified = { ...note, id: "00000000-0000-4000-8000-000000000000" };
    for (const resource of [note, identified]) {
      expect(await testbed.provider.getMachineState([resource], testbed.context)).toMatchObject({
        state: "starting",
      });
    }
    await testbed.context.wait(200_000);
    for (const resource of [note, identified]) {
      expect(await testbed.provider.getMachineState([resource], testbed.context)).toMatchObject({
        state: "gone",
      });
    }
    // A list that fails means unknown, not gone.
    testbed.emulator.inject({ fault: "list-fails", times: 9 });
    expect(await testbed.provider.getMachineState([note], testbed.context)).toMatchObject({
      state: "unknown",
    });
  });

  it("is gone within seconds for an instance that was seen before, however new it is", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "instance-vanishes", ms: 20_000 });
    await testbed.rent();
    await testbed.context.wait(20_000);
    const begin = testbed.clock.now();
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "gone",
    });
    expect(testbed.clock.now() - begin).toBeLessThan(10_000);
    const reads = testbed.emulator.events().filter(({ atMs, call }) => atMs >= begin && call === "instance");
    expect(reads.length).toBeGreaterThanOrEqual(3);
  });

  it.each<[string, FaultOrder, RegExp]>([
    ["the list", { fault: "server-error", calls: ["instances"], times: 9 }, /GET \/instances answered 500/],
    ["the projects", { fault: "rate-limited", calls: ["projects"], times: 9 }, /GET \/projects answered 429/],
    ["its own page", { fault: "dripping-body", calls: ["instance"], times: 9 }, /no answer within/],
    [
      "the projects, which are others",
      { fault: "list-empty", calls: ["projects"], times: 9 },
      /does not see/,
    ],
  ])("a 404 is not proof while %s cannot be read", async (_what, order, detail) => {
    const testbed = await createTestbed({ timeoutMs: 50 });
    testbed.emulator.inject({ fault: "instance-vanishes", ms: 20_000 });
    await testbed.rent();
    await testbed.context.wait(300_000);
    testbed.emulator.inject(order);
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "unknown",
      detail: expect.stringMatching(detail),
    });
  });

  it("is running for a renamed instance", async () => {
    const testbed = await createTestbed();
    await testbed.rent();
    const id = testbed.resources().find(({ kind }) => kind === "instance")?.id ?? "";
    testbed.emulator.rename(id, "cynthia-experiment");
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "running",
    });
  });

  it.each<[string, readonly FaultOrder[]]>([
    [
      "one 404, and a list without it",
      [{ fault: "not-found", calls: ["instance"] }, { fault: "list-empty" }],
    ],
    ["one 404", [{ fault: "not-found", calls: ["instance"] }]],
  ])("%s do not end a run", async (_what, faults) => {
    const testbed = await createTestbed();
    await testbed.rent();
    await testbed.context.wait(300_000);
    for (const fault of faults) testbed.emulator.inject(fault);
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "running",
    });
  });

  it("reads the right instance when one request created two", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-twice" });
    await testbed.rent();
    await testbed.context.wait(300_000);
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "running",
    });
  });

  it("finds the instance by its name without an id, and returns the configured port", async () => {
    const testbed = await createTestbed({ sshPort: 2222 });
    await testbed.rent();
    const recorded = testbed.resources().map(({ id: _id, ...resource }) => resource);
    expect(await testbed.provider.getMachineState(recorded, testbed.context)).toMatchObject({
      state: "running",
      machine: { port: 2222 },
    });
  });

  it("is starting for an ACTIVE instance without a public address", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "address-quota", times: Number.POSITIVE_INFINITY });
    await testbed.rent().catch(() => {});
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toEqual({
      state: "starting",
      detail: "ACTIVE, without a public address",
    });
  });
});
