import type { CallName, FaultName, FaultOrder } from "@unitrain/cloud-emulator/canopywave";
import type { Quote, Resource } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createTestbed, leaseName } from "../../test/testbed.ts";

const wasReferenceSeen = (reference: unknown) => (reference as { readonly seen?: boolean }).seen === true;

type CreatedTestbed = Awaited<ReturnType<typeof createTestbed>>;

const count = ({ emulator }: CreatedTestbed, call: CallName) =>
  emulator.events().filter((event) => event.call === call).length;

describe("renting", () => {
  it("records each resource before its request, and its id as soon as it is known", async () => {
    const testbed = await createTestbed();
    const quote = await testbed.provider.quote({ diskBytes: 1e9 }, testbed.context);
    const notes: [string, string | undefined, number][] = [];
    await testbed.provider.lease(quote, {
      ...testbed.context,
      record: async ({ kind, id, reference }) => {
        const idState = id && (wasReferenceSeen(reference) ? "seen" : "known");
        notes.push([kind, idState, testbed.emulator.events().filter(isPaid).length]);
      },
    });
    expect(notes).toEqual([
      ["ssh-key", undefined, 0],
      ["ssh-key", "known", 1],
      ["instance", undefined, 1],
      ["instance", "known", 2],
      ["instance", "seen", 2],
      ["address", undefined, 2],
      ["address", "known", 3],
    ]);
  });

  it("requests nothing when the ledger cannot be written", async () => {
    const testbed = await createTestbed();
    const quote = await testbed.provider.quote({ diskBytes: 1e9 }, testbed.context);
    const record = async () => {
      throw new Error("disk full");
    };
    await expect(testbed.provider.lease(quote, { ...testbed.context, record })).rejects.toThrow("disk full");
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it("registers its password as a secret, and never shows it", async () => {
    const testbed = await createTestbed();
    await testbed.rent();
    const [, password = ""] = [...testbed.secrets];
    expect(password.length).toBeGreaterThan(30);
    expect(JSON.stringify([testbed.resources(), testbed.statusMessages])).not.toContain(password);
  });

  // Cases 50 and 52: the response is lost or invalid, and there is one instance.
  it.each<FaultName>([
    "launch-answer-lost",
    "launch-500-created",
    "launch-without-id",
    "launch-html",
    "launch-error-with-200-created",
    "invalid-json",
    "huge-body",
    "endless-body",
  ])("%s: the instance is found by its name, and nothing is launched twice", async (fault) => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault, calls: ["launch"] });
    await testbed.rent();
    expect(count(testbed, "launch")).toBe(1);
    expect(testbed.ours()).toEqual({ instances: 1, addresses: 1, keys: 1 });
    expect(testbed.resources()).toContainEqual(
      expect.objectContaining({ kind: "instance", id: expect.any(String) }),
    );
  });

  it("waits for an instance that appears 90 s late", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-listed-late" });
    await testbed.rent();
    expect(count(testbed, "launch")).toBe(1);
    expect(testbed.ours().instances).toBe(1);
  });

  it("terminates an instance that appears 90 s late, after the client was killed", async () => {
    const testbed = await createTestbed({ fetch: dyingAfter("/launch") });
    testbed.emulator.inject({ fault: "launch-listed-late" });
    await Promise.race([testbed.rent(), testbed.context.wait(1_000)]);
    expect(await testbed.anotherProcess().releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it.each<[FaultName, number]>([
    ["launch-500", 180],
    ["launch-error-with-200", 180],
    ["launch-rate-limited", 15],
    ["rate-limited-until", 15],
  ])("%s: launched again only when it is known that there is none", async (fault, seconds) => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault, calls: ["launch"] });
    await testbed.rent();
    const launches = testbed.emulator.events().filter(({ call }) => call === "launch");
    expect(launches).toHaveLength(2);
    expect((launches[1]?.atMs ?? 0) - (launches[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(seconds * 1000);
    expect(testbed.ours()).toEqual({ instances: 1, addresses: 1, keys: 1 });
  });

  it("launches nothing again while CanopyWave cannot be read", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-500-created" });
    const list = testbed.emulator.inject({ fault: "list-fails", times: Number.POSITIVE_INFINITY });
    await expect(testbed.rent()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE", retryable: true });
    expect(count(testbed, "launch")).toBe(1);
    list.cancel();
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours().instances).toBe(0);
  });

  it("terminates the second of two instances of one request at once", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-twice" });
    await testbed.rent();
    expect(testbed.resources().filter(({ kind }) => kind === "instance")).toHaveLength(2);
    await testbed.context.wait(10_000);
    expect(testbed.ours().instances).toBe(1);
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours().instances).toBe(0);
  });

  it.each<[FaultName, string, RegExp]>([
    ["launch-unauthorized", "PROVIDER_ACCESS", /CANOPYWAVE_API_KEY/],
    ["launch-forbidden", "PROVIDER_ACCESS", /rights/],
    ["launch-payment-required", "PAYMENT_REQUIRED", /payment method/],
    ["launch-no-payment-method", "PAYMENT_REQUIRED", /payment method/],
    ["launch-billing", "PAYMENT_REQUIRED", /24 hours upfront/],
    ["launch-not-found", "NOT_AVAILABLE", /Compare .* with the offers/],
    ["launch-no-network", "NO_NETWORK", /network/],
    ["launch-insufficient", "OUT_OF_STOCK", /another region/],
    ["launch-quota", "QUOTA_EXCEEDED", /quota/],
    ["launch-flavor-unavailable", "OUT_OF_STOCK", /another region/],
  ])("%s is %s, and says what to do", async (fault, code, hint) => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault });
    await expect(testbed.rent()).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) });
    expect(count(testbed, "launch")).toBe(1);
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it("releases at once after a definite refusal", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-payment-required" });
    await testbed.rent().catch(() => {});
    const begin = testbed.clock.now();
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.clock.now() - begin).toBeLessThan(5_000);
  });

  // A running instance is not released because of transient failures.
  it.each<[string, FaultOrder]>([
    ["three 429s", { fault: "rate-limited", calls: ["ip-allocate"], times: 3 }],
    ["six 429s without Retry-After", { fault: "rate-limited-silently", calls: ["ip-allocate"], times: 6 }],
    ["two minutes of 429", { fault: "rate-limited", calls: ["ip-allocate"], ms: 20_000, forMs: 120_000 }],
    ["a minute of 500 to the list of addresses", { fault: "server-error", calls: ["ips"], forMs: 60_000 }],
    ["a minute of 503 to the instance", { fault: "server-error-empty", calls: ["instance"], forMs: 60_000 }],
    ["a minute of 429 to the associate", { fault: "rate-limited", calls: ["ip-associate"], forMs: 60_000 }],
  ])("%s do not give the instance up", async (_what, order) => {
    const testbed = await createTestbed();
    testbed.emulator.inject(order);
    await testbed.rent();
    expect(testbed.ours()).toEqual({ instances: 1, addresses: 1, keys: 1 });
    expect(count(testbed, "launch")).toBe(1);
  });

  it.each<[string, FaultOrder, RegExp]>([
    ["the list of addresses", { fault: "server-error", calls: ["ips"] }, /GET \/ips answered 500/],
    [
      "the instance",
      { fault: "server-error-empty", calls: ["instance"] },
      /GET \/instances\/\S+ answered 503/,
    ],
    ["the associate", { fault: "rate-limited-silently", calls: ["ip-associate"] }, /associate answered 429/],
  ])("%s failing for ever is the provider's error, and says which call", async (_what, order, message) => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ ...order, times: Number.POSITIVE_INFINITY });
    await expect(testbed.rent()).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringMatching(message),
      retryable: true,
    });
    testbed.emulator.clearFaults();
    expect(await testbed.releaseAll()).toEqual([]);
  });

  it("retries a launch after five 429s, and launches nothing twice", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-rate-limited", times: 5 });
    await testbed.rent();
    expect(testbed.emulator.bill().mostInstancesAtOnce()).toBe(1);
  });

  it("marks only the key as free", async () => {
    const testbed = await createTestbed();
    await testbed.rent();
    const free = testbed.resources().map(({ kind, free = false }) => [kind, free]);
    expect(Object.fromEntries(free)).toEqual({ "ssh-key": true, instance: false, address: false });
  });

  it("throws after minutes of 500, and leaves nothing", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-500", times: Number.POSITIVE_INFINITY });
    await expect(testbed.rent()).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(count(testbed, "launch")).toBe(3);
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it("rents in the next region when the first is sold out, and removes the key in both", async () => {
    const testbed = await createTestbed({ region: undefined });
    testbed.emulator.inject({ fault: "launch-flavor-unavailable" });
    await testbed.rent();
    expect(testbed.emulator.instances().filter(({ isForeign }) => !isForeign)).toMatchObject([
      { region: "KEF-3" },
    ]);
    expect(testbed.ours()).toEqual({ instances: 1, addresses: 1, keys: 2 });
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it('does not try the next region when the instance exists despite "sold out"', async () => {
    const testbed = await createTestbed({ region: undefined });
    testbed.emulator.inject({ fault: "launch-insufficient", done: true });
    await testbed.rent();
    expect(count(testbed, "launch")).toBe(1);
    expect(testbed.ours().instances).toBe(1);
  });

  it("refuses a price that is higher than in the plan", async () => {
    const testbed = await createTestbed();
    const quote = await testbed.provider.quote({ diskBytes: 1e9 }, testbed.context);
    testbed.emulator.inject({ fault: "price-changed" });
    await expect(testbed.rent(quote)).rejects.toMatchObject({
      code: "NOT_AVAILABLE",
      message: expect.stringContaining("$4.50 an hour at CanopyWave now; it was planned at $2.25"),
    });
    expect(testbed.emulator.events().filter(isPaid)).toEqual([]);
  });

  it("refuses a quote of another provider", async () => {
    const testbed = await createTestbed();
    const quote = await testbed.provider.quote({ diskBytes: 1e9 }, testbed.context);
    await expect(
      testbed.provider.lease({ ...quote, reference: null } as Quote, testbed.context),
    ).rejects.toMatchObject({
      code: "INVALID_ADAPTER",
    });
  });
});

describe("booting", () => {
  it("throws with the reason for an instance in ERROR, and releases it", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "instance-error", ms: 100 });
    await expect(testbed.rent()).rejects.toMatchObject({
      code: "OUT_OF_STOCK",
      message: expect.stringContaining("No valid host"),
    });
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it.each<[FaultName, string]>([
    ["instance-never-ready", "not ACTIVE after 12 minutes: BUILD"],
    ["instance-vanishes", "became 404"],
    ["instance-stopped", "became SHUTOFF"],
  ])("%s: the error says so", async (fault, message) => {
    const testbed = await createTestbed({}, { boot: { buildMs: 60_000 } });
    testbed.emulator.inject({ fault, ms: 5_000 });
    await expect(testbed.rent()).rejects.toMatchObject({
      code: "LEASE_FAILED",
      message: expect.stringContaining(message),
    });
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it("waits through 404s for a while after the launch", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "instance-not-found-at-first", ms: 100_000 });
    await testbed.rent();
    expect(testbed.ours()).toEqual({ instances: 1, addresses: 1, keys: 1 });
  });

  it("continues after transient failures of key and server", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "server-error", calls: ["instance"], forMs: 60_000 });
    testbed.emulator.inject({ fault: "unauthorized", calls: ["instance"], times: 3 });
    await testbed.rent();
    expect(testbed.ours().instances).toBe(1);
  });
});

describe("a public address", () => {
  it.each<FaultName>(["address-answer-lost", "address-500-allocated", "html-with-200"])(
    "is found by the ids from before after %s",
    async (fault) => {
      const testbed = await createTestbed();
      testbed.emulator.inject({ fault, calls: ["ip-allocate"] });
      await testbed.rent();
      expect(count(testbed, "ip-allocate")).toBe(1);
      expect(testbed.ours()).toEqual({ instances: 1, addresses: 1, keys: 1 });
      expect(await testbed.releaseAll()).toEqual([]);
      expect(testbed.ours().addresses).toBe(0);
      expect(testbed.others()).toBe("untouched");
    },
  );

  it("is left alone when two are possible: the error names both until a person has removed one", async () => {
    const testbed = await createTestbed();
    const before = testbed.emulator.addresses().length;
    testbed.emulator.inject({ fault: "address-lost-among-others" });
    const two = () => testbed.emulator.addresses().slice(before);
    const error = await testbed.rent().catch((reason: Error) => reason);
    expect(two()).toHaveLength(2);
    for (const { ip } of two()) expect(String(error)).toContain(ip);
    expect(await testbed.releaseAll()).toMatchObject([{ kind: "address" }]);
    expect(two()).toHaveLength(2);
    for (const { ip } of two()) expect(testbed.statusMessages.at(-1)).toContain(ip);
    expect(testbed.ours()).toMatchObject({ instances: 0, keys: 0 });
    const [address] = two();
    await fetch(`${testbed.emulator.url}/ips/${address?.id}?project=andrew%40example.com&region=sequoia`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${testbed.emulator.apiKey}` },
    });
    expect(await testbed.releaseAll()).toEqual([]);
    expect(two()).toHaveLength(1);
  });

  it("over the quota gives an error, and nothing remains", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "address-quota", times: Number.POSITIVE_INFINITY });
    await expect(testbed.rent()).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });

  it.each<[FaultName, number]>([
    ["associate-no-port", 5],
    ["associate-lost", 1],
    ["associate-answer-lost", 1],
    ["server-error", 5],
  ])("%s: associated in the end, and the owner is read back", async (fault, times) => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault, times, calls: ["ip-associate"] });
    await testbed.rent();
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      state: "running",
    });
  });

  // The address was allocated, but associating it with the instance never succeeds.
  it.each<FaultName>(["associate-no-port", "associate-lost", "associate-moved"])(
    "is released with an error after endless %s",
    async (fault) => {
      const testbed = await createTestbed();
      testbed.emulator.inject({ fault, times: Number.POSITIVE_INFINITY });
      await expect(testbed.rent()).rejects.toMatchObject({ code: "LEASE_FAILED" });
      expect(testbed.ours().addresses).toBe(1);
      expect(await testbed.releaseAll()).toEqual([]);
      expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
    },
  );

  it("is a free one with reuseIp, and stays allocated afterwards", async () => {
    const testbed = await createTestbed({ reuseIp: true });
    const free = () =>
      testbed.emulator
        .addresses()
        .filter(({ region, instanceId }) => region === "sequoia" && instanceId === null);
    const [before] = free();
    await testbed.rent();
    expect(count(testbed, "ip-allocate")).toBe(0);
    expect(await testbed.provider.getMachineState(testbed.resources(), testbed.context)).toMatchObject({
      machine: { host: before?.ip },
    });
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.emulator.addresses().map(({ id }) => id)).toContain(before?.id);
  });

  it("is a new one with reuseIp when somebody else took the free one meanwhile", async () => {
    const testbed = await createTestbed({ reuseIp: true });
    testbed.emulator.inject({ fault: "associate-moved" });
    await testbed.rent();
    expect(count(testbed, "ip-allocate")).toBe(1);
    expect(testbed.ours().addresses).toBe(1);
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours().addresses).toBe(0);
  });

  it("is never a free one without reuseIp", async () => {
    const testbed = await createTestbed();
    await testbed.rent();
    expect(testbed.others()).toBe("untouched");
  });
});

describe("a stop while renting", () => {
  it.each<[string, CallName]>([
    ["key", "ssh-key-create"],
    ["instance", "launch"],
    ["address", "ip-allocate"],
  ])(
    "the call for the %s that is in flight ends and is written down; nothing new is asked for",
    async (kind, call) => {
      let requestStop = () => {};
      const testbed = await createTestbed({
        fetch: async (...parameters) => {
          const answer = await fetch(...parameters);
          const paid = testbed.emulator.events().filter(isPaid).at(-1);
          if (paid?.call === call) requestStop();
          return answer;
        },
      });
      requestStop = testbed.requestStop;
      await testbed.rent();
      expect(testbed.emulator.events().filter(isPaid).at(-1)).toMatchObject({ call });
      const noted = testbed
        .resources()
        .find((resource: Resource) => resource.kind === (kind === "key" ? "ssh-key" : kind));
      expect(noted).toMatchObject({ name: leaseName, id: expect.any(String) });
      expect(await testbed.releaseAll()).toEqual([]);
      expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
    },
  );

  it("ends a wait at once", async () => {
    const testbed = await createTestbed();
    testbed.emulator.inject({ fault: "launch-listed-late" });
    const renting = testbed.rent();
    await testbed.context.wait(30_000);
    testbed.requestStop();
    const begin = testbed.clock.now();
    await renting;
    expect(testbed.clock.now() - begin).toBeLessThan(10_000);
    expect(await testbed.releaseAll()).toEqual([]);
    expect(testbed.ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
  });
});

function isPaid({ method, call }: { readonly method: string; readonly call: string }): boolean {
  return method === "POST" && call !== "ip-associate" && call !== "terminate";
}

/** The client is killed once it has sent this. */
function dyingAfter(path: string): typeof fetch {
  let isDead = false;
  return async (input, init) => {
    if (!isDead) {
      isDead = String(input).includes(path);
      const answer = fetch(input, init);
      if (!isDead) return answer;
      await answer.catch(() => {});
    }
    return new Promise<never>(() => {});
  };
}
