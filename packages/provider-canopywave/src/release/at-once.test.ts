import type { Resource } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { leaseName, type Testbed, testbed } from "../../test/testbed.ts";

const nothing = { instances: 0, addresses: 0, keys: 0 };
const always = Number.POSITIVE_INFINITY;

async function rented() {
  const bed = await testbed();
  await bed.rent();
  return bed;
}

function of(bed: Testbed, kind: string): Resource {
  const found = bed.resources().find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`The ledger holds no ${kind}.`);
  return found;
}

function callsOf({ emulator }: Testbed, since: number): readonly string[] {
  return emulator
    .events()
    .slice(since)
    .map(({ call }) => call);
}

describe("terminating at once", () => {
  it("does not keep a pause of a minute that another call was asked for", async () => {
    const bed = await rented();
    bed.emulator.inject({ fault: "rate-limited", calls: ["instances"], ms: 60_000 });
    await new Promise<void>((resolve) => {
      const wait = () => {
        resolve();
        return new Promise<never>(() => {});
      };
      void bed.provider.list?.({ ...bed.context, wait });
    });
    const begin = bed.clock.now();
    const since = bed.emulator.events().length;
    await bed.provider.release(bed.resources(), bed.context);
    const terminate = bed.emulator
      .events()
      .slice(since)
      .find(({ call }) => call === "terminate");
    expect((terminate?.atMs ?? Infinity) - begin).toBeLessThan(5_000);
    expect(bed.ours()).toEqual(nothing);
  });

  it("two instances whose terminates fail 20 times are both ended, and both are proven gone", async () => {
    const bed = await testbed();
    bed.emulator.inject({ fault: "launch-twice" });
    await bed.rent().catch(() => {});
    bed.emulator.clearFaults();
    bed.emulator.inject({ fault: "terminate-fails", times: 20 });
    expect(await bed.releaseAll()).toEqual([]);
    expect(bed.ours()).toEqual(nothing);
  });

  it("terminates an instance that somebody renamed, and proves it by its id", async () => {
    const bed = await rented();
    const instance = of(bed, "instance");
    bed.emulator.rename(instance.id ?? "", "cynthia-experiment");
    const proofs = await bed.provider.release([instance], bed.context);
    expect(proofs[0]?.evidence).toBe(`GET /instances/${instance.id} answered 404`);
    expect(bed.ours().instances).toBe(0);
  });

  it("a 404 by id soon after the launch is no proof: it is terminated once it shows", async () => {
    const bed = await testbed();
    bed.emulator.inject({ fault: "instance-not-found-at-first", ms: 60_000 });
    // The process died as soon as it had the id.
    const record = bed.context.record;
    const lease = bed.provider.lease(await bed.provider.quote({ diskBytes: 1e9 }, bed.context), {
      ...bed.context,
      record: async (resource) => {
        await record(resource);
        if (resource.kind === "instance" && resource.id !== undefined) throw new Error("killed");
      },
    });
    await expect(lease).rejects.toThrow("killed");
    const proofs = await bed.provider.release(bed.resources(), bed.context);
    expect(proofs.map(({ resource }) => resource.kind)).toContain("instance");
    expect(bed.ours()).toEqual(nothing);
  });

  it("an id that was never looked at is ended within 3 s, although it cannot be looked at", async () => {
    const bed = await rented();
    const { reference, ...instance } = of(bed, "instance");
    const unseen = { ...instance, reference: { ...(reference as object), seen: false } };
    bed.emulator.inject({
      fault: "server-error",
      calls: ["instance", "instances", "projects"],
      times: always,
    });
    const since = bed.emulator.events().length;
    await bed.provider.release([unseen], bed.context).catch(() => {});
    expect(callsOf(bed, since).slice(0, 2)).toEqual(["instance", "terminate"]);
    expect(bed.ours().instances).toBe(0);
  });

  it("says within 80 columns that it is terminated, while nothing confirms it", async () => {
    const bed = await rented();
    bed.emulator.inject({ fault: "server-error", calls: ["instance", "ips"], forMs: 20_000 });
    await bed.provider.release(bed.resources(), bed.context);
    expect(bed.said).toContain("instance terminated, unconfirmed: CanopyWave answers 500");
    expect(bed.said).toContain("address removed, unconfirmed: CanopyWave answers 500");
  });

  it("does not say that it is terminated as long as it is not", async () => {
    const bed = await rented();
    bed.emulator.inject({ fault: "terminate-fails", times: 4 });
    await bed.provider.release(bed.resources(), bed.context);
    expect(bed.said).toContain("instance not terminated yet: CanopyWave answers 500");
  });

  it("one that the provider took away is proven gone within seconds, however young it is", async () => {
    const bed = await testbed();
    bed.emulator.inject({ fault: "instance-vanishes", ms: 10_000 });
    await bed.rent();
    await bed.context.wait(10_000);
    const begin = bed.clock.now();
    expect(await bed.provider.release(bed.resources(), bed.context)).toHaveLength(3);
    expect(bed.clock.now() - begin).toBeLessThan(5_000);
  });

  it("a list of projects that is wrong for once does not blame the key", async () => {
    const bed = await rented();
    bed.emulator.inject({ fault: "list-empty", calls: ["projects"] });
    expect(await bed.provider.release(bed.resources(), bed.context)).toHaveLength(3);
  });

  it("a key is removed by its name alone", async () => {
    const bed = await rented();
    const { id: _id, ...key } = of(bed, "ssh-key");
    expect(await bed.provider.release([key], bed.context)).toHaveLength(1);
    expect(bed.ours().keys).toBe(0);
  });
});

describe("which address is ours", () => {
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

  it.each(forms)("is told by %s, also when the instance is released with it", async (_what, shorten) => {
    const bed = await rented();
    const resources = bed.resources().map((one) => (one.kind === "address" ? shorten(one) : one));
    expect(await bed.provider.release(resources, bed.context)).toHaveLength(3);
    expect(bed.ours()).toEqual(nothing);
    expect(bed.others()).toBe("untouched");
  });

  it("is told by its use, also when the instance was renamed", async () => {
    const bed = await rented();
    bed.emulator.rename(of(bed, "instance").id ?? "", "cynthia-experiment");
    const [, , , shorten] = forms.map(([, change]) => change);
    const resources = bed.resources().map((one) => (one.kind === "address" && shorten ? shorten(one) : one));
    expect(await bed.provider.release(resources, bed.context)).toHaveLength(3);
    expect(bed.ours()).toEqual(nothing);
  });

  it("known by its ip alone, one that a colleague uses is left alone, and it is said", async () => {
    const bed = await rented();
    const address = of(bed, "address");
    bed.emulator.addOther("instance", "cynthia-9");
    const theirs = bed.emulator.instances().find(({ name }) => name === "cynthia-9");
    await fetch(`${bed.emulator.url}/ips/${address.id}/associate`, {
      method: "POST",
      headers: { authorization: `Bearer ${bed.emulator.apiKey}` },
      body: JSON.stringify({ project: "andrew@example.com", region: "sequoia", instanceId: theirs?.id }),
    });
    await expect(bed.provider.release([without("before")(address)], bed.context)).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringContaining("in use by cynthia-9 now"),
    });
    expect(bed.ours().addresses).toBe(1);
  });
});

describe("a ledger that was cut", () => {
  it("releases everything after any of its lines: what is in use by our instance is ours", async () => {
    const notes: Resource[][] = [];
    const bed = await testbed();
    const { record } = bed.context;
    const quote = await bed.provider.quote({ diskBytes: 1e9 }, bed.context);
    const noteDown = () => void notes.push([...bed.resources()]);
    for (const resource of bed.provider.listPlannedResources("k3f9ab-20261124-001530-x7q2-1", quote))
      await record(resource);
    noteDown();
    await bed.provider.lease(quote, {
      ...bed.context,
      record: async (one) => {
        await record(one);
        noteDown();
      },
    });
    expect(notes.length).toBeGreaterThan(6);
    for (const [line, resources] of notes.entries()) {
      const again = await testbed();
      await again.rent();
      const proofs = await again.provider.release(
        resources.map((one) => inside(again, one)),
        again.context,
      );
      expect(again.ours(), `${line}: ${JSON.stringify(proofs)}`).toEqual(nothing);
      expect(again.others()).toBe("untouched");
    }
  });

  /** The same note, with the ids that this cloud gave. */
  function inside(bed: Testbed, note: Resource): Resource {
    const { id: _id, ...rest } = note;
    const own = bed.resources().find(({ kind }) => kind === note.kind);
    const { before } = (own?.reference ?? {}) as { readonly before?: readonly string[] };
    const reference = note.reference as object;
    return {
      ...rest,
      ...(note.id === undefined || own?.id === undefined ? {} : { id: own.id }),
      reference: "before" in reference ? { ...reference, before } : reference,
    };
  }

  it("names what is ours: an address is never called never allocated while our instance uses it", async () => {
    const bed = await rented();
    const quote = await bed.provider.quote({ diskBytes: 1e9 }, bed.context);
    const [, , address] = bed.provider.listPlannedResources(leaseName.slice("unitrain-".length), quote);
    const proofs = await bed.provider.release(address ? [address] : [], bed.context);
    expect(proofs[0]?.evidence).toMatch(/^DELETE \/ips\/[\w-]+ was answered/);
    expect(bed.ours().addresses).toBe(0);
  });
});
