import { describe, expect, it } from "vitest";
import { createTestbed, leaseName } from "../test/testbed.ts";
import { lambda } from "./index.ts";

describe("a quote", () => {
  it.each([
    [{ gpu: undefined }, "gpu_1x_a10", 1.29],
    [{ gpu: "H100" }, "gpu_1x_h100_sxm5", 4.29],
    [{ gpu: "h100:8" }, "gpu_8x_h100_sxm5", 31.92],
    [{ gpu: "H100", gpus: 2 }, "gpu_2x_h100_sxm5", 8.38],
    [{ gpu: "GH200" }, "gpu_1x_gh200", 2.29],
    [{ gpu: undefined, gpus: 0 }, "cpu_4x_general", 0.2],
    [{ gpu: undefined, instanceType: "gpu_1x_a100_sxm4" }, "gpu_1x_a100_sxm4", 1.99],
  ])("for %j is the cheapest that has capacity", async (options, type, price) => {
    const { quote } = await createTestbed(options);
    expect(await quote()).toMatchObject({
      machine: expect.stringContaining(`${type} in `),
      priceUsdPerHour: price,
      available: "yes",
      reference: { instanceType: type },
    });
  });

  it("has the GPU and the sizes, and tries every region with capacity", async () => {
    const { quote } = await createTestbed();
    expect(await quote()).toMatchObject({
      region: "us-west-1",
      gpus: 1,
      gpu: { name: "H100", memoryBytes: 80e9 },
      cpus: 26,
      ramBytes: 225 * 2 ** 30,
      diskBytes: 2816 * 2 ** 30,
      upfrontUsd: 0,
      otherUsdPerHour: 0,
      reference: { regions: ["us-west-1", "us-east-1"] },
    });
    expect(await quote()).not.toHaveProperty("ownDeadline");
  });

  it.each([
    [{ gpu: "H10" }, "INVALID_OPTIONS", /no GPU "H10". Did you mean/],
    [{ gpu: undefined, instanceType: "gpu_1x_h100" }, "INVALID_OPTIONS", /no instance type/],
    [{ image: "lambda-stack-23" }, "INVALID_OPTIONS", /no image/],
    [{ region: "europe-central-1" }, "OUT_OF_STOCK", /no capacity for gpu_1x_h100_pcie, gpu_1x_h100_sxm5/],
    [{ maxUsdPerHour: 1 }, "NOT_AVAILABLE", /costs \$4\.29 an hour/],
  ])("for %j fails with %s before anything is rented", async (options, code, message) => {
    const { emulator, quote } = await createTestbed(options);
    await expect(quote()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(emulator.events().every(({ method }) => method === "GET")).toBe(true);
  });

  it("is refused when no region has capacity, and a type without a price is no offer", async () => {
    const { context, emulator, provider, quote } = await createTestbed();
    emulator.inject({ fault: "capacity-none" });
    await expect(quote()).rejects.toMatchObject({ code: "OUT_OF_STOCK", retryable: true });
    emulator.inject({ fault: "price-unknown" });
    expect(await provider.offers?.(context)).toEqual([]);
  });

  it("is one of the offers, which are listed by region, the sold out ones too", async () => {
    const { context, provider } = await createTestbed();
    const offers = (await provider.offers?.(context)) ?? [];
    expect(offers.map(({ machine, available }) => `${machine}: ${available}`)).toEqual(
      expect.arrayContaining([
        "gpu_1x_h100_sxm5 in us-west-1: yes",
        "gpu_1x_h100_sxm5 in us-east-1: yes",
        "gpu_1x_h100_pcie in any region: no",
      ]),
    );
    expect(offers.map(({ priceUsdPerHour }) => priceUsdPerHour)).toEqual(
      offers.map(({ priceUsdPerHour }) => priceUsdPerHour).toSorted((a, b) => a - b),
    );
  });
});

describe("renting", () => {
  it("registers the lease's own key, launches one instance and waits for its address", async () => {
    const { clock, context, emulator, provider, rent, resources } = await createTestbed(
      {},
      { boot: { buildMs: 60_000 } },
    );
    await rent();
    expect(emulator.keys().filter(({ isForeign }) => !isForeign)).toMatchObject([{ name: leaseName }]);
    const [instance] = emulator.instances().filter(({ isForeign }) => !isForeign);
    expect(instance).toMatchObject({ name: leaseName, keyName: leaseName, region: "us-west-1" });
    expect(await provider.getMachineState(resources(), context)).toMatchObject({ state: "starting" });
    clock.advance(60_000);
    expect(await provider.getMachineState(resources(), context)).toEqual({
      state: "running",
      machine: { connectionKind: "ssh", host: instance?.ip, port: 22, user: "ubuntu", trust: "lease" },
    });
  });

  it("tries the next region 12 seconds later when the first has no capacity any more", async () => {
    const { emulator, rent } = await createTestbed();
    emulator.inject({ fault: "launch-insufficient-capacity" });
    await rent();
    const launches = emulator.events().filter(({ call }) => call === "launch");
    expect(launches.map(({ status }) => status)).toEqual([400, 200]);
    expect((launches[1]?.atMs ?? 0) - (launches[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(12_000);
    expect(emulator.instances().find(({ isForeign }) => !isForeign)).toMatchObject({ region: "us-east-1" });
  });

  it.each([
    ["launch-insufficient-capacity", "OUT_OF_STOCK"],
    ["launch-quota-exceeded", "QUOTA_EXCEEDED"],
    ["launch-account-inactive", "PAYMENT_REQUIRED"],
    ["launch-invalid-address", "PAYMENT_REQUIRED"],
    ["launch-provider-unavailable", "PROVIDER_UNAVAILABLE"],
    ["launch-forbidden", "PAYMENT_REQUIRED"],
    ["launch-unauthorized", "PROVIDER_ACCESS"],
  ] as const)("after %s fails with %s and leaves nothing", async (fault, code) => {
    const { emulator, ours, releaseAll, rent } = await createTestbed();
    emulator.inject({ fault, times: Number.POSITIVE_INFINITY });
    await expect(rent()).rejects.toMatchObject({ code });
    expect(await releaseAll()).toEqual([]);
    expect(ours()).toEqual({ instances: 0, keys: 0 });
  });

  it("terminates a second instance of a launch whose answer was lost", async () => {
    const { emulator, ours, releaseAll, rent } = await createTestbed();
    emulator.inject({ fault: "launch-twice" });
    await rent();
    expect(
      emulator.instances().filter(({ isForeign, status }) => !isForeign && status !== "terminating"),
    ).toHaveLength(1);
    expect(await releaseAll()).toEqual([]);
    expect(ours()).toEqual({ instances: 0, keys: 0 });
  });

  it("keeps to one launch per 12 seconds, and one request per second", async () => {
    const { emulator, rent } = await createTestbed();
    emulator.inject({ fault: "launch-rate-limited" });
    await rent();
    const times = emulator.events().map(({ atMs }) => atMs);
    expect(times.slice(1).every((atMs, index) => atMs - (times[index] ?? 0) >= 1_000)).toBe(true);
  });

  it("warns when no firewall rule of the account lets SSH in", async () => {
    const { emulator, rent, statusMessages } = await createTestbed();
    emulator.inject({ fault: "firewall-closed" });
    await rent();
    expect(statusMessages.join("\n")).toMatch(/no global firewall rule .* lets TCP port 22 in/);
  });
});

describe("the state of the machine", () => {
  it.each([
    ["instance-error", "failed"],
    ["instance-preempted", "preempted"],
    ["instance-never-ready", "starting"],
  ] as const)("after %s is %s", async (fault, state) => {
    const { clock, context, emulator, provider, rent, resources } = await createTestbed();
    emulator.inject({ fault });
    await rent();
    clock.advance(5_000);
    expect(await provider.getMachineState(resources(), context)).toMatchObject({ state });
  });

  it("is gone only for the key that rented it, because another account sees nothing", async () => {
    const { anotherProvider, clock, context, emulator, rent, resources } = await createTestbed();
    await rent();
    clock.advance(200_000);
    const other = await createTestbed();
    const blind = lambda({ baseUrl: other.emulator.url, apiKey: other.emulator.apiKey, now: clock.now });
    expect(await blind.getMachineState(resources(), context)).toMatchObject({ state: "unknown" });
    await expect(blind.release(resources(), context)).rejects.toMatchObject({ code: "PROVIDER_ACCESS" });
    expect(emulator.instances().filter(({ isForeign }) => !isForeign)).toHaveLength(1);
    expect(await anotherProvider().getMachineState(resources(), context)).toMatchObject({ state: "running" });
  });
});

describe("releasing", () => {
  it.each(["terminate-ignored", "terminate-never-ends", "terminate-stays-listed", "key-in-use"] as const)(
    "proves everything gone after %s",
    async (fault) => {
      const { emulator, others, ours, releaseAll, rent } = await createTestbed();
      const foreign = others();
      await rent();
      emulator.inject({ fault });
      expect(await releaseAll()).toEqual([]);
      expect(ours()).toEqual({ instances: 0, keys: 0 });
      expect(others()).toEqual(foreign);
    },
  );

  it("finds an instance and a key by the name alone", async () => {
    const { context, ours, provider, rent, resources } = await createTestbed();
    await rent();
    const names = resources().map(({ kind, name, onRelease }) => ({ kind, name, onRelease }));
    await provider.release(names, context);
    expect(ours()).toEqual({ instances: 0, keys: 0 });
  });

  it("lists what our installations rented, and nothing of others", async () => {
    const { context, provider, rent } = await createTestbed();
    await rent();
    expect((await provider.list?.(context))?.map(({ kind, name }) => [kind, name])).toEqual([
      ["instance", leaseName],
      ["ssh-key", leaseName],
    ]);
  });
});
