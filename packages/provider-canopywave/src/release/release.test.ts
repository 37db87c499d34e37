import type { FaultName, FaultOrder } from "@unitrain/cloud-emulator/canopywave";
import type { Resource } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createTestbed, leaseId, leaseName } from "../../test/testbed.ts";

const nothing = { instances: 0, addresses: 0, keys: 0 };

async function rented(...faults: readonly FaultOrder[]) {
  const testbed = await createTestbed();
  await testbed.rent();
  for (const fault of faults) testbed.emulator.inject(fault);
  return testbed;
}

describe("releasing", () => {
  // A provider that fails to terminate is asked again until the instance is gone.
  it.each<[FaultName, number]>([
    ["terminate-fails", 20],
    ["terminate-ignored", 2],
    ["terminate-answer-lost", 1],
    ["terminate-slow", 1],
    ["terminate-ends-in-error", 1],
    ["terminate-shows-deleted", 1],
    ["address-release-fails", 20],
    ["address-release-ignored", 2],
    ["key-delete-fails", 20],
  ])("%s, %i times: one call of release goes on until it is confirmed", async (fault, times) => {
    const testbed = await rented({ fault, times });
    const proofs = await testbed.provider.release(testbed.resources(), testbed.context);
    expect(proofs).toHaveLength(3);
    for (const { resource, goneAt, evidence } of proofs) {
      expect(testbed.resources()).toContainEqual(resource);
      expect(Date.parse(goneAt)).toBeLessThanOrEqual(testbed.clock.now());
      expect(evidence).toMatch(/GET|DELETE/);
    }
    expect(testbed.ours()).toEqual(nothing);
    expect(testbed.others()).toBe("untouched");
  });

  it("returns proofs only for confirmed resources", async () => {
    const testbed = await rented({ fault: "terminate-never-ends", times: Number.POSITIVE_INFINITY });
    const proofs = await testbed.provider.release(testbed.resources(), testbed.context);
    expect(proofs.map(({ resource }) => resource.kind).sort()).toEqual(["address", "ssh-key"]);
    const instances = testbed.resources().filter(({ kind }) => kind === "instance");
    const begin = testbed.clock.now();
    await expect(testbed.provider.release(instances, testbed.context)).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(/instance unitrain-.*is gone: .*deleting/),
    });
    // Below core's timeout of one call.
    expect(testbed.clock.now() - begin).toBeLessThan(170_000);
  });

  it("does not take SOFT_DELETED as proof, although it is not listed", async () => {
    const testbed = await rented({ fault: "terminate-soft-deleted", ms: 60_000 });
    const begin = testbed.clock.now();
    const proofs = await testbed.provider.release(testbed.resources(), testbed.context);
    const instance = proofs.find(({ resource }) => resource.kind === "instance");
    expect(Date.parse(instance?.goneAt ?? "") - begin).toBeGreaterThanOrEqual(60_000);
  });

  it("does not take one empty list or one 404 as proof", async () => {
    const testbed = await rented(
      { fault: "list-empty" },
      { fault: "not-found", calls: ["instance"] },
      { fault: "terminate-never-ends", times: Number.POSITIVE_INFINITY },
    );
    const proofs = await testbed.provider.release(testbed.resources(), testbed.context);
    expect(proofs.map(({ resource }) => resource.kind)).not.toContain("instance");
    expect(testbed.ours().instances).toBe(1);
  });

  it("waits for a list that fails for minutes", async () => {
    const testbed = await rented({ fault: "list-fails", forMs: 100_000 });
    expect(await testbed.provider.release(testbed.resources(), testbed.context)).toHaveLength(3);
    expect(testbed.ours()).toEqual(nothing);
  });

  it("throws for a rejected key, without a proof", async () => {
    const testbed = await rented({ fault: "unauthorized", times: Number.POSITIVE_INFINITY });
    await expect(testbed.provider.release(testbed.resources(), testbed.context)).rejects.toMatchObject({
      code: "PROVIDER_ACCESS",
    });
    expect(testbed.ours().instances).toBe(1);
    testbed.emulator.clearFaults();
    expect(await testbed.releaseAll()).toEqual([]);
  });

  it("does not take it as proof that the key of another account finds nothing", async () => {
    const testbed = await rented();
    const otherResources = testbed
      .resources()
      .map((resource) => ({ ...resource, reference: { project: "somebody@example.com" } }));
    await expect(testbed.provider.release(otherResources, testbed.context)).rejects.toMatchObject({
      code: "PROVIDER_ACCESS",
      message: expect.stringContaining("somebody@example.com"),
    });
    await testbed.context.wait(300_000);
    expect(await testbed.provider.getMachineState(otherResources, testbed.context)).toMatchObject({
      state: "unknown",
    });
  });

  it("is idempotent", async () => {
    const testbed = await rented();
    const noted = testbed.resources();
    for (let time = 0; time < 3; time += 1) {
      expect(await testbed.provider.release(noted, testbed.context)).toHaveLength(3);
    }
    expect(testbed.ours()).toEqual(nothing);
  });

  it("works by names alone", async () => {
    const testbed = await rented();
    const names: Resource[] = ["address", "instance", "ssh-key"].map((kind) => ({
      kind,
      name: leaseName,
      onRelease: "delete",
    }));
    expect(await testbed.provider.release(names, testbed.context)).toHaveLength(3);
    expect(testbed.ours()).toEqual(nothing);
    expect(testbed.others()).toBe("untouched");
  });

  it("proves planned resources at once, and requested ones that never appeared after the settle time", async () => {
    const testbed = await createTestbed();
    const quote = await testbed.provider.quote({ diskBytes: 1 }, testbed.context);
    const begin = testbed.clock.now();
    const intended = testbed.provider.listPlannedResources(leaseId, quote);
    const proofs = await testbed.provider.release(intended, testbed.context);
    expect(proofs.map(({ evidence }) => evidence)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("never launched"),
        expect.stringContaining("never registered"),
        expect.stringMatching(/none was ever asked for, and GET \/ips lists none in use by/),
      ]),
    );
    expect(testbed.clock.now() - begin).toBeLessThan(5_000);
    const requested = intended.map((resource) => ({
      ...resource,
      recordedAt: new Date(testbed.clock.now()).toISOString(),
      reference: {
        ...(resource.reference as object),
        asked: true,
        before: testbed.emulator.addresses().map(({ id }) => id),
      },
    }));
    const late = await testbed.provider.release(requested, testbed.context);
    expect(late).toHaveLength(3);
    for (const { goneAt } of late) expect(Date.parse(goneAt) - testbed.clock.now()).toBeGreaterThan(-40_000);
    expect(testbed.clock.now() - begin).toBeGreaterThan(119_000);
    expect(late.find(({ resource }) => resource.kind === "instance")?.evidence).toMatch(
      /never listed .* in \d+ looks since/,
    );
  });

  it("leaves resources of others with similar names alone", async () => {
    const testbed = await createTestbed();
    for (const name of [
      `${leaseName}0`,
      leaseName.slice(0, -1),
      leaseName.toUpperCase(),
      `x${leaseName}`,
      `${leaseName}-2`,
    ]) {
      testbed.emulator.addColleagueResource("instance", name);
      testbed.emulator.addColleagueResource("key", name);
    }
    const count = () => [testbed.emulator.instances().length, testbed.emulator.keys().length];
    const before = count();
    await testbed.rent();
    expect(await testbed.releaseAll()).toEqual([]);
    expect(count()).toEqual(before);
  });

  it("leaves an instance of somebody else alone whose id is in the ledger", async () => {
    const testbed = await createTestbed();
    testbed.emulator.addColleagueResource("instance", "cynthia-9");
    const foreign = testbed.emulator.instances().find(({ name }) => name === "cynthia-9");
    const wrong: Resource = {
      kind: "instance",
      name: leaseName,
      id: foreign?.id ?? "",
      region: "sequoia",
      onRelease: "delete",
    };
    expect(await testbed.provider.release([wrong], testbed.context)).toHaveLength(1);
    expect(testbed.emulator.instances().map(({ id }) => id)).toContain(foreign?.id);
  });

  it("refuses a resource without a name of ours", async () => {
    const testbed = await createTestbed();
    const foreign: Resource = { kind: "instance", name: "cynthia-2", onRelease: "delete" };
    await expect(testbed.provider.release([foreign], testbed.context)).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
    });
    expect(testbed.others()).toBe("untouched");
  });

  it("does not take a new address of somebody else for ours while ours may still appear", async () => {
    const testbed = await createTestbed();
    const before = testbed.emulator.addresses().map(({ id }) => id);
    const requested: Resource = {
      kind: "address",
      name: leaseName,
      region: "sequoia",
      onRelease: "delete",
      recordedAt: new Date(testbed.clock.now()).toISOString(),
      reference: { project: "andrew@example.com", asked: true, before },
    };
    const release = testbed.provider.release([requested], testbed.context);
    testbed.emulator.addColleagueResource("address");
    await testbed.context.wait(10_000);
    testbed.emulator.inject({ fault: "address-taken" });
    expect(await release).toHaveLength(1);
    expect(testbed.emulator.addresses()).toHaveLength(before.length + 1);
  });
});

describe("an address whose response was lost, after another region was tried", () => {
  it("is searched only in its region, because in others every address would look new", async () => {
    const testbed = await createTestbed({ region: undefined });
    const before = testbed.emulator.addresses();
    const requested: Resource = {
      kind: "address",
      name: leaseName,
      region: "KEF-3",
      onRelease: "delete",
      reference: {
        project: "andrew@example.com",
        regions: ["sequoia", "KEF-3"],
        asked: true,
        before: before.filter(({ region }) => region === "KEF-3").map(({ id }) => id),
      },
    };
    expect(await testbed.provider.release([requested], testbed.context)).toHaveLength(1);
    expect(testbed.emulator.addresses()).toEqual(before);
  });
});

describe("list", () => {
  it("finds instance, key and address of every installation, and nothing similar", async () => {
    const testbed = await createTestbed();
    await testbed.rent();
    const listed = (await testbed.provider.list?.(testbed.context)) ?? [];
    expect(listed.map(({ kind, name }) => [kind, name]).sort()).toEqual([
      ["address", leaseName],
      ["instance", leaseName],
      ["ssh-key", leaseName],
    ]);
    expect(await testbed.provider.release(listed, testbed.context)).toHaveLength(3);
    expect(testbed.ours()).toEqual(nothing);
    expect(testbed.others()).toBe("untouched");
  });
});
