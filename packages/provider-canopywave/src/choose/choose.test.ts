import type { EmulatorOptions, FaultName } from "@unitrain/cloud-emulator/canopywave";
import { isGpu, readWantedGpu } from "@unitrain/core/http";
import type { MachineRequest } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createTestbed } from "../../test/testbed.ts";
import type { Availability } from "../api/answers.ts";
import type { CanopyWaveOptions } from "../index.ts";
import { readAvailability } from "./availability.ts";
import { readFlavor } from "./flavor.ts";

describe("CanopyWave's descriptions", () => {
  it("give GPUs, memory, cores, disk, and the price of the whole machine", () => {
    expect(
      readFlavor({
        flavor: "H100-4",
        images: ["GPU-Ubuntu.24.04"],
        name: "4x H100 (80 GB SXM5)",
        price: 900,
        priceHour: "$2.25 / gpu / hour",
        specs: "80 cores, 800.0 GB RAM, 2 TB NVMe",
      }),
    ).toEqual({
      id: "H100-4",
      name: "4x H100 (80 GB SXM5)",
      gpus: 4,
      gpu: "H100",
      gpuMemoryBytes: 80e9,
      cpus: 80,
      ramBytes: 800e9,
      diskBytes: 2e12,
      images: ["GPU-Ubuntu.24.04"],
      priceUsdPerHour: 9,
    });
    expect(
      readFlavor({
        flavor: "m1.advanced",
        name: "CPU advanced",
        price: 56,
        priceHour: "$0.035 / cpu / hour",
        specs: "16 cores, 64 GB RAM, 1,024 GiB SSD",
      }),
    ).toMatchObject({ gpus: 0, cpus: 16, ramBytes: 64e9, diskBytes: 2 ** 40, priceUsdPerHour: 0.56 });
  });

  it.each([
    [{ flavor: "x" }, { gpus: "unknown", name: "x", images: [] }],
    [
      { flavor: "x", name: null, price: null, specs: null, images: null, priceHour: null },
      { gpus: "unknown" },
    ],
    [{ flavor: "x", images: ["CPU-Ubuntu.22.04"] }, { gpus: 0 }],
    [
      { flavor: "x", name: "2X RTX 4090 (24GB)" },
      { gpus: 2, gpu: "RTX 4090", gpuMemoryBytes: 24e9 },
    ],
    [
      { flavor: "x", name: "8x MI300X" },
      { gpus: 8, gpu: "MI300X" },
    ],
    [{ flavor: "x", price: "225" }, { priceUsdPerHour: 2.25 }],
    [{ flavor: "x", price: 0 }, { gpus: "unknown" }],
    [{ flavor: "x", name: "4x H100", priceHour: "$2.25 / gpu / hour" }, { priceUsdPerHour: 9 }],
    // The higher of two prices is used.
    [{ flavor: "x", name: "4x H100", price: 225, priceHour: "$2.25 / gpu / hour" }, { priceUsdPerHour: 9 }],
    [{ flavor: "x", specs: "lots of cores, RAM and NVMe" }, { gpus: "unknown" }],
  ])("%j", (type, flavor) => {
    expect(readFlavor(type)).toMatchObject(flavor);
    if (!("priceUsdPerHour" in flavor)) expect(readFlavor(type).priceUsdPerHour).toBeUndefined();
  });

  it.each([
    ["H100", "1x H100 (80 GB SXM5)", true],
    ["h100", "1x H100 (80 GB SXM5)", true],
    ["H100-SXM5", "1x H100 (80 GB SXM5)", true],
    ["H100 80GB", "1x H100 (80 GB SXM5)", true],
    ["rtx4090", "1x RTX 4090 (24 GB)", true],
    ["4090", "1x RTX 4090 (24 GB)", true],
    ["RTX A6000", "1x RTX A6000 (48 GB)", true],
    ["L40", "1x L40S (48 GB)", false],
    ["A100", "1x A1000", false],
    ["H10", "1x H100 (80 GB SXM5)", false],
    ["H200", "1x H100 (80 GB SXM5)", false],
  ])("%s means %s: %s", (wanted, name, is) => {
    expect(isGpu(wanted, name)).toBe(is);
  });

  it("may be matched by H100:4 for four GPUs, with one number only", () => {
    expect(readWantedGpu("H100:4", undefined)).toEqual({ gpu: "H100", gpus: 4 });
    expect(readWantedGpu("H100", 2)).toEqual({ gpu: "H100", gpus: 2 });
    expect(readWantedGpu("H100:4", 4)).toEqual({ gpu: "H100", gpus: 4 });
    for (const [gpu, gpus] of [
      ["H100:0", undefined],
      ["H100:4", 2],
      [":4", undefined],
    ] as const) {
      expect(() => readWantedGpu(gpu, gpus)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
    }
  });

  it.each([
    [true, "yes"],
    [{ available: false, status: "available", free: 3 }, "no"],
    [{ status: "In_Stock", free: 0 }, "yes"],
    [{ status: "OUT OF STOCK" }, "no"],
    [{ status: "who knows", available_count: 2 }, "yes"],
    [{ free: 0 }, "no"],
    [{ count: 0 }, "unknown"],
    [{}, "unknown"],
    ["sold-out", "no"],
  ])("availability %j is %s", (answer, available) => {
    expect(readAvailability(answer as Availability)).toBe(available);
  });
});

const ask = async (
  options: CanopyWaveOptions = {},
  request: Partial<MachineRequest> = {},
  cloud: Partial<EmulatorOptions> = {},
  ...faults: readonly FaultName[]
) => {
  const testbed = await createTestbed({ gpu: undefined, region: undefined, ...options }, cloud);
  for (const fault of faults) testbed.emulator.inject({ fault, times: Number.POSITIVE_INFINITY });
  return testbed.provider.quote({ diskBytes: 1e9, ...request }, testbed.context);
};

describe("choosing", () => {
  it("takes the cheapest available GPU machine in any region", async () => {
    expect(await ask()).toEqual({
      machine: "A6000-1 in KEF-3, GPU-Ubuntu.24.04",
      region: "KEF-3",
      priceUsdPerHour: 0.55,
      upfrontUsd: "unknown",
      otherUsdPerHour: "unknown",
      billingTickSeconds: 60,
      gpus: 1,
      gpu: { name: "RTX A6000", memoryBytes: 48e9 },
      cpus: 16,
      ramBytes: 64e9,
      diskBytes: 400e9,
      available: "yes",
      interruptible: false,
      bootSeconds: { likely: 120, high: 240 },
      reference: {
        project: "andrew@example.com",
        regions: ["KEF-3"],
        flavor: "A6000-1",
        image: "GPU-Ubuntu.24.04",
      },
    });
  });

  it.each<[string, CanopyWaveOptions, Partial<MachineRequest>, string, number]>([
    ["the GPU of the options", { gpu: "H100" }, {}, "H100-1", 2.25],
    ["the GPU of the run before it", { gpu: "H100:8" }, { gpu: "a6000" }, "A6000-1", 0.55],
    ["four", { gpu: "H100:4" }, {}, "H100-4", 9],
    ["four, as a separate number", {}, { gpu: "H100", gpus: 4 }, "H100-4", 9],
    ["at least three", { gpu: "H100", gpus: 3 }, {}, "H100-4", 9],
    ["by the GPU's memory", {}, { gpuMemoryBytes: 60e9 }, "H100-1", 2.25],
    ["by memory", {}, { ramBytes: 300e9 }, "H100-2", 4.5],
    ["by disk", {}, { diskBytes: 450e9 }, "H100-1", 2.25],
    ["none at all", { gpus: 0 }, {}, "m1.small", 0.07],
    ["a flavor", { flavor: "h100-2" }, {}, "H100-2", 4.5],
    ["a CPU flavor", { flavor: "m1.advanced" }, {}, "m1.advanced", 0.56],
  ])("%s", async (_what, options, request, flavor, price) => {
    expect(await ask(options, request)).toMatchObject({ priceUsdPerHour: price, reference: { flavor } });
  });

  it("takes the newest Ubuntu image for the machine, unless one is named", async () => {
    expect(await ask({ flavor: "m1.small" })).toMatchObject({ reference: { image: "CPU-Ubuntu.24.04" } });
    expect(await ask({ image: "gpu-ubuntu.22.04" })).toMatchObject({
      reference: { image: "GPU-Ubuntu.22.04" },
    });
    await expect(ask({ image: "CPU-Ubuntu.22.04" })).rejects.toMatchObject({
      code: "NOT_AVAILABLE",
      hint: expect.stringContaining("GPU-Ubuntu.24.04"),
    });
  });

  it("keeps all regions that have the machine, for when the first is sold out", async () => {
    expect(await ask({ gpu: "H100" })).toMatchObject({ reference: { regions: ["sequoia", "KEF-3"] } });
    expect(await ask({ gpu: "H100", region: "kef-3" })).toMatchObject({ reference: { regions: ["KEF-3"] } });
    expect(await ask({ gpu: "H100", region: "sequoia" }, { region: "KEF-3" })).toMatchObject({
      region: "KEF-3",
    });
  });

  it.each<[FaultName, string]>([
    ["availability-count-only", "unknown"],
    ["availability-contradicts", "yes"],
    ["availability-free-count", "yes"],
  ])("%s: available is %s", async (fault, available) => {
    expect(await ask({}, {}, {}, fault)).toMatchObject({ available });
  });

  it("lists every flavor in every region, the cheapest first, including sold-out ones", async () => {
    const testbed = await createTestbed({ region: undefined });
    const offers = (await testbed.provider.offers?.(testbed.context)) ?? [];
    expect(offers).toHaveLength(14);
    expect(offers.map(({ priceUsdPerHour }) => priceUsdPerHour)).toEqual(
      offers.map(({ priceUsdPerHour }) => priceUsdPerHour).toSorted((a, b) => a - b),
    );
    expect(offers.filter(({ available }) => available === "no")).toMatchObject([
      { machine: expect.stringContaining("A6000-1 in sequoia") },
    ]);
  });
});

describe("a request that must fail, fails before anything is rented", () => {
  it.each<[string, CanopyWaveOptions, Partial<MachineRequest>, string, RegExp]>([
    ["an unknown GPU", { gpu: "H10" }, {}, "INVALID_OPTIONS", /no GPU "H10". Did you mean H100\?/],
    [
      "an unknown flavor",
      { flavor: "H100-3" },
      {},
      "INVALID_OPTIONS",
      /no flavor "H100-3". Did you mean H100-/,
    ],
    ["an unknown region", { region: "seqoia" }, {}, "INVALID_OPTIONS", /Did you mean sequoia\?/],
    ["an unknown image", { image: "GPU-Ubuntu.20.04" }, {}, "INVALID_OPTIONS", /Did you mean GPU-Ubuntu/],
    [
      "an unknown project",
      { project: "andrew@example.org" },
      {},
      "INVALID_OPTIONS",
      /Did you mean andrew@example.com/,
    ],
    [
      "a limit of the price",
      { gpu: "H100", maxUsdPerHour: 2 },
      {},
      "NOT_AVAILABLE",
      /costs \$2\.25 an hour, \$2\.00 is the limit/,
    ],
    [
      "the lower of two limits",
      { gpu: "H100", maxUsdPerHour: 9 },
      { maxUsdPerHour: 1 },
      "NOT_AVAILABLE",
      /\$1\.00 is the limit/,
    ],
    ["too many GPUs", { gpu: "A6000:2" }, {}, "NOT_AVAILABLE", /A6000-1 has 1 GPU, 2 GPUs requested/],
    [
      "too little disk",
      { flavor: "H100-1" },
      { diskBytes: 600e9 },
      "NOT_AVAILABLE",
      /has 500 GB of disk, 600 GB requested/,
    ],
    ["a flavor that is another GPU", { flavor: "H100-1" }, { gpu: "A6000" }, "NOT_AVAILABLE", /is not A6000/],
    ["sold out", { gpu: "A6000", region: "sequoia" }, {}, "OUT_OF_STOCK", /no A6000-1 left in sequoia/],
  ])("%s", async (_what, options, request, code, message) => {
    await expect(ask(options, request)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/./),
    });
  });

  it("with several projects: the error lists them, the option chooses one", async () => {
    const cloud = { projects: ["one@example.com", "two@example.com"] };
    await expect(ask({}, {}, cloud)).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      hint: expect.stringMatching(/project: one@example\.com, two@example\.com/),
    });
    expect(await ask({ project: "two@example.com" }, {}, cloud)).toMatchObject({
      reference: { project: "two@example.com" },
    });
  });

  it("with an empty balance, unless the check is off", async () => {
    await expect(ask({}, {}, {}, "balance-empty")).rejects.toMatchObject({
      code: "PAYMENT_REQUIRED",
      hint: expect.stringContaining("checkBalance"),
    });
    expect(await ask({ checkBalance: false }, {}, {}, "balance-empty")).toMatchObject({ available: "yes" });
  });

  it("without a price, with a rejected key, and with a failing server", async () => {
    await expect(ask({}, {}, {}, "price-unknown")).rejects.toMatchObject({
      code: "NOT_AVAILABLE",
      message: expect.stringContaining("no readable price"),
    });
    await expect(ask({}, {}, {}, "availability-none")).rejects.toMatchObject({
      code: "OUT_OF_STOCK",
      retryable: true,
    });
    await expect(ask({}, {}, {}, "unauthorized")).rejects.toMatchObject({ code: "PROVIDER_ACCESS" });
    await expect(ask({}, {}, {}, "server-error")).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      retryable: true,
    });
  });

  it.each([
    { gpus: -1 },
    { gpuu: "H100" },
    { maxUsdPerHour: 0 },
    { sshPort: 70_000 },
    { fetch: "fetch" },
    { reuseIp: "yes" },
  ])("the options %j", async (options) => {
    await expect(ask(options as object)).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      hint: expect.stringContaining("maxUsdPerHour"),
    });
  });
});
