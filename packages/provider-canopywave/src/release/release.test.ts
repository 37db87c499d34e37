import type { FaultName, FaultOrder } from "@unitrain/cloud-emulator/canopywave";
import type { Resource } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { leaseId, leaseName, testbed } from "../../test/testbed.ts";

const nothing = { instances: 0, addresses: 0, keys: 0 };

async function rented(...faults: readonly FaultOrder[]) {
  const bed = await testbed();
  await bed.rent();
  for (const fault of faults) bed.emulator.inject(fault);
  return bed;
}

describe("giving back", () => {
  // Case 57.
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
    const bed = await rented({ fault, times });
    const proofs = await bed.provider.release(bed.resources(), bed.context);
    expect(proofs).toHaveLength(3);
    for (const { resource, goneAt, evidence } of proofs) {
      expect(bed.resources()).toContainEqual(resource);
      expect(Date.parse(goneAt)).toBeLessThanOrEqual(bed.clock.now());
      expect(evidence).toMatch(/GET|DELETE/);
    }
    expect(bed.ours()).toEqual(nothing);
    expect(bed.others()).toBe("untouched");
  });

  // Case 58.
  it("what is never confirmed stays out of the proof; the others have theirs", async () => {
    const bed = await rented({ fault: "terminate-never-ends", times: Number.POSITIVE_INFINITY });
    const proofs = await bed.provider.release(bed.resources(), bed.context);
    expect(proofs.map(({ resource }) => resource.kind).sort()).toEqual(["address", "ssh-key"]);
    const left = bed.resources().filter(({ kind }) => kind === "instance");
    const begin = bed.clock.now();
    await expect(bed.provider.release(left, bed.context)).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(/instance unitrain-.*is gone: .*deleting/),
    });
    // Below core's patience with one call.
    expect(bed.clock.now() - begin).toBeLessThan(170_000);
  });

  it("SOFT_DELETED is unlisted, and no proof", async () => {
    const bed = await rented({ fault: "terminate-soft-deleted", ms: 60_000 });
    const begin = bed.clock.now();
    const proofs = await bed.provider.release(bed.resources(), bed.context);
    const instance = proofs.find(({ resource }) => resource.kind === "instance");
    expect(Date.parse(instance?.goneAt ?? "") - begin).toBeGreaterThanOrEqual(60_000);
  });

  it("a list that is empty for once, and a 404 for once, are no proof", async () => {
    const bed = await rented(
      { fault: "list-empty" },
      { fault: "not-found", calls: ["instance"] },
      { fault: "terminate-never-ends", times: Number.POSITIVE_INFINITY },
    );
    const proofs = await bed.provider.release(bed.resources(), bed.context);
    expect(proofs.map(({ resource }) => resource.kind)).not.toContain("instance");
    expect(bed.ours().instances).toBe(1);
  });

  // Case 67.
  it("a list that fails for minutes is waited for", async () => {
    const bed = await rented({ fault: "list-fails", forMs: 100_000 });
    expect(await bed.provider.release(bed.resources(), bed.context)).toHaveLength(3);
    expect(bed.ours()).toEqual(nothing);
  });

  // Case 60.
  it("a key that is refused gives no proof, but an error", async () => {
    const bed = await rented({ fault: "unauthorized", times: Number.POSITIVE_INFINITY });
    await expect(bed.provider.release(bed.resources(), bed.context)).rejects.toMatchObject({
      code: "PROVIDER_ACCESS",
    });
    expect(bed.ours().instances).toBe(1);
    bed.emulator.clearFaults();
    expect(await bed.releaseAll()).toEqual([]);
  });

  it("a key of another account finds nothing, which is no proof", async () => {
    const bed = await rented();
    const elsewhere = bed
      .resources()
      .map((resource) => ({ ...resource, reference: { project: "somebody@example.com" } }));
    await expect(bed.provider.release(elsewhere, bed.context)).rejects.toMatchObject({
      code: "PROVIDER_ACCESS",
      message: expect.stringContaining("somebody@example.com"),
    });
    await bed.context.wait(300_000);
    expect(await bed.provider.getMachineState(elsewhere, bed.context)).toMatchObject({ state: "unknown" });
  });

  it("is idempotent", async () => {
    const bed = await rented();
    const noted = bed.resources();
    for (let time = 0; time < 3; time += 1) {
      expect(await bed.provider.release(noted, bed.context)).toHaveLength(3);
    }
    expect(bed.ours()).toEqual(nothing);
  });

  it("works by names alone", async () => {
    const bed = await rented();
    const names: Resource[] = ["address", "instance", "ssh-key"].map((kind) => ({
      kind,
      name: leaseName,
      onRelease: "end",
    }));
    expect(await bed.provider.release(names, bed.context)).toHaveLength(3);
    expect(bed.ours()).toEqual(nothing);
    expect(bed.others()).toBe("untouched");
  });

  it("what was only intended is proven at once; what was asked for and never came, after the time it may take", async () => {
    const bed = await testbed();
    const quote = await bed.provider.quote({ diskBytes: 1 }, bed.context);
    const begin = bed.clock.now();
    const intended = bed.provider.listPlannedResources(leaseId, quote);
    const proofs = await bed.provider.release(intended, bed.context);
    expect(proofs.map(({ evidence }) => evidence)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("never launched"),
        expect.stringContaining("never registered"),
        expect.stringMatching(/none was ever asked for, and GET \/ips lists none in use by/),
      ]),
    );
    expect(bed.clock.now() - begin).toBeLessThan(5_000);
    const asked = intended.map((resource) => ({
      ...resource,
      recordedAt: new Date(bed.clock.now()).toISOString(),
      reference: {
        ...(resource.reference as object),
        asked: true,
        before: bed.emulator.addresses().map(({ id }) => id),
      },
    }));
    const late = await bed.provider.release(asked, bed.context);
    expect(late).toHaveLength(3);
    for (const { goneAt } of late) expect(Date.parse(goneAt) - bed.clock.now()).toBeGreaterThan(-40_000);
    expect(bed.clock.now() - begin).toBeGreaterThan(119_000);
    expect(late.find(({ resource }) => resource.kind === "instance")?.evidence).toMatch(
      /never listed .* in \d+ looks since/,
    );
  });

  // Case 66.
  it("others' things with similar names are not touched", async () => {
    const bed = await testbed();
    for (const name of [
      `${leaseName}0`,
      leaseName.slice(0, -1),
      leaseName.toUpperCase(),
      `x${leaseName}`,
      `${leaseName}-2`,
    ]) {
      bed.emulator.addOther("instance", name);
      bed.emulator.addOther("key", name);
    }
    const count = () => [bed.emulator.instances().length, bed.emulator.keys().length];
    const before = count();
    await bed.rent();
    expect(await bed.releaseAll()).toEqual([]);
    expect(count()).toEqual(before);
  });

  it("an id that is somebody else's instance is not touched", async () => {
    const bed = await testbed();
    bed.emulator.addOther("instance", "cynthia-9");
    const theirs = bed.emulator.instances().find(({ name }) => name === "cynthia-9");
    const wrong: Resource = {
      kind: "instance",
      name: leaseName,
      id: theirs?.id ?? "",
      region: "sequoia",
      onRelease: "end",
    };
    expect(await bed.provider.release([wrong], bed.context)).toHaveLength(1);
    expect(bed.emulator.instances().map(({ id }) => id)).toContain(theirs?.id);
  });

  it("what carries no name of ours is refused", async () => {
    const bed = await testbed();
    const theirs: Resource = { kind: "instance", name: "cynthia-2", onRelease: "end" };
    await expect(bed.provider.release([theirs], bed.context)).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
    });
    expect(bed.others()).toBe("untouched");
  });

  it("a colleague's new address is not taken for ours, while ours may still appear", async () => {
    const bed = await testbed();
    const before = bed.emulator.addresses().map(({ id }) => id);
    const asked: Resource = {
      kind: "address",
      name: leaseName,
      region: "sequoia",
      onRelease: "end",
      recordedAt: new Date(bed.clock.now()).toISOString(),
      reference: { project: "andrew@example.com", asked: true, before },
    };
    const release = bed.provider.release([asked], bed.context);
    bed.emulator.addOther("address");
    await bed.context.wait(10_000);
    bed.emulator.inject({ fault: "address-taken" });
    expect(await release).toHaveLength(1);
    expect(bed.emulator.addresses()).toHaveLength(before.length + 1);
  });
});

describe("an address whose answer was lost, after another region was tried", () => {
  it("is looked for only where it was asked for: elsewhere everything would look new", async () => {
    const bed = await testbed({ region: undefined });
    const before = bed.emulator.addresses();
    const asked: Resource = {
      kind: "address",
      name: leaseName,
      region: "KEF-3",
      onRelease: "end",
      reference: {
        project: "andrew@example.com",
        regions: ["sequoia", "KEF-3"],
        asked: true,
        before: before.filter(({ region }) => region === "KEF-3").map(({ id }) => id),
      },
    };
    expect(await bed.provider.release([asked], bed.context)).toHaveLength(1);
    expect(bed.emulator.addresses()).toEqual(before);
  });
});

describe("listing what carries our names", () => {
  it("finds instance, key and address of every installation, and nothing similar", async () => {
    const bed = await testbed();
    await bed.rent();
    const listed = (await bed.provider.list?.(bed.context)) ?? [];
    expect(listed.map(({ kind, name }) => [kind, name]).sort()).toEqual([
      ["address", leaseName],
      ["instance", leaseName],
      ["ssh-key", leaseName],
    ]);
    expect(await bed.provider.release(listed, bed.context)).toHaveLength(3);
    expect(bed.ours()).toEqual(nothing);
    expect(bed.others()).toBe("untouched");
  });
});
