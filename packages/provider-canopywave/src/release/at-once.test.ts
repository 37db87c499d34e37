import type { Resource } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createTestbed, leaseName, type Testbed } from "../../test/testbed.ts";

const nothing = { instances: 0, addresses: 0, keys: 0 };
const always = Number.POSITIVE_INFINITY;

async function rented() {
  const testbed = await createTestbed();
  await testbed.rent();
  return testbed;
}

function resourceOfKind(testbed: Testbed, kind: string): Resource {
  const found = testbed.resources().find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`The ledger holds no ${kind}.`);
  return found;
}

function listCalls({ emulator }: Testbed, since: number): readonly string[] {
  return emulator
    .events()
    .slice(since)
    .map(({ call }) => call);
}

describe("terminating at once", () => {
  it("ignores a pause of a minute that was requested for another call", async () => {
    const testbed = await rented();
    testbed.emulator.inject({ fault: "rate-limited", calls: ["instances"], ms: 60_000 });
    await new Promise<void>((resolve) => {
      const wait = () => {
        resolve();
        return new Promise<never>(() => {});
      };
      void testbed.provider.list?.({ ...testbed.context, wait });
    });
    const begin = testbed.clock.now();
    const since = testbed.emulator.events().length;
    await testbed.provider.release(testbed.resources(), testbed.context);
    const terminate = testbed.emulator
      .events()
      .slice(since)
      .find(({ call }) => call === "terminate");
    expect((terminate?.atMs ?? Infinity) - begin).toBeLessThan(5_000);
    expect(testbed.ours()).toEqual(nothing);
  });

  it("terminates two instances after 20 failures each, and proves that both are gone", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-twice" });
    await testbed.rent().catch(() => {});
    testbed.emulator.clearFaults();
    testbed.emulator.inject({ fault: "terminate-fails", times: 20 });
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual(nothing);
  });

  it("terminates an instance that somebody renamed, and proves it by its id", async () => {
    const testbed = await rented();
    const instance = resourceOfKind(testbed, "instance");
    testbed.emulator.rename(instance.id ?? "", "cynthia-experiment");
    const proofs = await testbed.provider.release([instance], testbed.context);
    expect(proofs[0]?.evidence).toBe(`GET /instances/${instance.id} answered 404`);
    expect(testbed.ours().instances).toBe(0);
  });

  it("does not take a 404 soon after the launch as proof, and terminates the instance once it is listed", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "instance-not-found-at-first", ms: 60_000 });
    // The process dies as soon as it has the id.
    const record = testbed.context.record;
    const lease = testbed.provider.lease(await testbed.provider.quote({ diskBytes: 1e9 }, testbed.context), {
      ...testbed.context,
      record: async (resource) => {
        await record(resource);
        if (resource.kind === "instance" && resource.id !== undefined) throw new Error("killed");
      },
    });
    await expect(lease).rejects.toThrow("killed");
    const proofs = await testbed.provider.release(testbed.resources(), testbed.context);
    expect(proofs.map(({ resource }) => resource.kind)).toContain("instance");
    expect(testbed.ours()).toEqual(nothing);
  });

  it("terminates an unchecked id within 3 s although it cannot be read", async () => {
    const testbed = await rented();
    const { reference, ...instance } = resourceOfKind(testbed, "instance");
    const unseen = { ...instance, reference: { ...(reference as object), seen: false } };
    testbed.emulator.inject({
      fault: "server-error",
      calls: ["instance", "instances", "projects"],
      times: always,
    });
    const since = testbed.emulator.events().length;
    await testbed.provider.release([unseen], testbed.context).catch(() => {});
    expect(listCalls(testbed, since).slice(0, 2)).toEqual(["instance", "terminate"]);
    expect(testbed.ours().instances).toBe(0);
  });

  it("shows in 80 columns that the instance is terminated but unconfirmed", async () => {
    const testbed = await rented();
    testbed.emulator.inject({ fault: "server-error", calls: ["instance", "ips"], forMs: 20_000 });
    await testbed.provider.release(testbed.resources(), testbed.context);
    expect(testbed.statusMessages).toContain("instance terminated, unconfirmed: CanopyWave answers 500");
    expect(testbed.statusMessages).toContain("address removed, unconfirmed: CanopyWave answers 500");
  });

  it("does not show that the instance is terminated before it is", async () => {
    const testbed = await rented();
    testbed.emulator.inject({ fault: "terminate-fails", times: 4 });
    await testbed.provider.release(testbed.resources(), testbed.context);
    expect(testbed.statusMessages).toContain("instance not terminated yet: CanopyWave answers 500");
  });

  it("proves within seconds that an instance removed by the provider is gone, however new it is", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "instance-vanishes", ms: 10_000 });
    await testbed.rent();
    await testbed.context.wait(10_000);
    const begin = testbed.clock.now();
    expect(await testbed.provider.release(testbed.resources(), testbed.context)).toHaveLength(3);
    expect(testbed.clock.now() - begin).toBeLessThan(5_000);
  });

  it("does not blame the key for one wrong list of projects", async () => {
    const testbed = await rented();
    testbed.emulator.inject({ fault: "list-empty", calls: ["projects"] });
    expect(await testbed.provider.release(testbed.resources(), testbed.context)).toHaveLength(3);
  });

  it("removes a key by its name alone", async () => {
    const testbed = await rented();
    const { id: _id, ...key } = resourceOfKind(testbed, "ssh-key");
    expect(await testbed.provider.release([key], testbed.context)).toHaveLength(1);
    expect(testbed.ours().keys).toBe(0);
  });
});

describe("our address", () => {
  const forms: readonly [string, (address: Resource) => Resource][] = [
    ["its id", (address) => address],
    ["the ids that were there before", without("ip")],
    ["its ip", without("before")],
    ["its use by our instance", without("before", "ip")],
  ];

  function without(...names: readonly string[]) {
    return ({ id: _id, ...address }: Resource): Resource => ({
      ...address,
      reference: Object.fromEntries(
        Object.entries(address.reference as object).filter(([name]) => !names.includes(name)),
      ),
    });
  }

  it.each(forms)(
    "is recognized by %s, also when the instance is released with it",
    async (_what, shorten) => {
      const testbed = await rented();
      const resources = testbed
        .resources()
        .map((resource) => (resource.kind === "address" ? shorten(resource) : resource));
      expect(await testbed.provider.release(resources, testbed.context)).toHaveLength(3);
      expect(testbed.ours()).toEqual(nothing);
      expect(testbed.others()).toBe("untouched");
    },
  );

  it("is recognized by its use, also when the instance was renamed", async () => {
    const testbed = await rented();
    testbed.emulator.rename(resourceOfKind(testbed, "instance").id ?? "", "cynthia-experiment");
    const [, , , shorten] = forms.map(([, change]) => change);
    const resources = testbed
      .resources()
      .map((resource) => (resource.kind === "address" && shorten ? shorten(resource) : resource));
    expect(await testbed.provider.release(resources, testbed.context)).toHaveLength(3);
    expect(testbed.ours()).toEqual(nothing);
  });

  it("is left alone with an error when it is known only by its IP and somebody else uses it", async () => {
    const testbed = await rented();
    const address = resourceOfKind(testbed, "address");
    testbed.emulator.addColleagueResource("instance", "cynthia-9");
    const foreign = testbed.emulator.instances().find(({ name }) => name === "cynthia-9");
    await fetch(`${testbed.emulator.url}/ips/${address.id}/associate`, {
      method: "POST",
      headers: { authorization: `Bearer ${testbed.emulator.apiKey}` },
      body: JSON.stringify({ project: "andrew@example.com", region: "sequoia", instanceId: foreign?.id }),
    });
    await expect(
      testbed.provider.release([without("before")(address)], testbed.context),
    ).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringContaining("in use by cynthia-9 now"),
    });
    expect(testbed.ours().addresses).toBe(1);
  });
});

describe("a truncated ledger", () => {
  it("after any of its lines still releases everything, including the address that our instance uses", async () => {
    const notes: Resource[][] = [];
    const testbed = await createTestbed();
    const { record } = testbed.context;
    const quote = await testbed.provider.quote({ diskBytes: 1e9 }, testbed.context);
    const noteDown = () => void notes.push([...testbed.resources()]);
    for (const resource of testbed.provider.listPlannedResources("k3f9ab-20261124-001530-x7q2-1", quote))
      await record(resource);
    noteDown();
    await testbed.provider.lease(quote, {
      ...testbed.context,
      record: async (resource) => {
        await record(resource);
        noteDown();
      },
    });
    expect(notes.length).toBeGreaterThan(6);
    for (const [line, resources] of notes.entries()) {
      const secondTestbed = await createTestbed();
      await secondTestbed.rent();
      const proofs = await secondTestbed.provider.release(
        resources.map((resource) => inside(secondTestbed, resource)),
        secondTestbed.context,
      );
      expect(secondTestbed.ours(), `${line}: ${JSON.stringify(proofs)}`).toEqual(nothing);
      expect(secondTestbed.others()).toBe("untouched");
    }
  });

  /** The same record, with the ids of this cloud. */
  function inside(testbed: Testbed, note: Resource): Resource {
    const { id: _id, ...rest } = note;
    const resource = testbed.resources().find(({ kind }) => kind === note.kind);
    const { before } = (resource?.reference ?? {}) as { readonly before?: readonly string[] };
    const reference = note.reference as object;
    return {
      ...rest,
      ...(note.id === undefined || resource?.id === undefined ? {} : { id: resource.id }),
      reference: "before" in reference ? { ...reference, before } : reference,
    };
  }

  it("never reports an address as never allocated while our instance uses it", async () => {
    const testbed = await rented();
    const quote = await testbed.provider.quote({ diskBytes: 1e9 }, testbed.context);
    const [, , address] = testbed.provider.listPlannedResources(leaseName.slice("unitrain-".length), quote);
    const proofs = await testbed.provider.release(address ? [address] : [], testbed.context);
    expect(proofs[0]?.evidence).toMatch(/^DELETE \/ips\/[\w-]+ was answered/);
    expect(testbed.ours().addresses).toBe(0);
  });
});
