import { expect, it } from "vitest";
import { createTestbed } from "../test/testbed.ts";
import { runpod } from "./index.ts";

it("the price is that of all GPUs, and of the disk that the run needs", async () => {
  const { provider, context } = await createTestbed({ gpu: "h100:2" });
  const quote = await provider.quote({ diskBytes: 73e9 }, context);
  expect(quote).toMatchObject({
    machine: expect.stringMatching(/^2x H100 SXM in any data center \(secure cloud\), runpod\/pytorch:/),
    priceUsdPerHour: 5.98,
    otherUsdPerHour: 0.01,
    upfrontUsd: 0,
    billingTickSeconds: 1,
    diskBytes: 73e9,
    gpus: 2,
    available: "yes",
    interruptible: false,
  });
});

it("the cheapest pod with a GPU is chosen, and among those without a GPU the smallest that has the memory", async () => {
  const withGpu = await createTestbed({ gpu: undefined });
  expect(await withGpu.quote()).toMatchObject({ gpu: { name: "RTX A6000" } });
  const without = await createTestbed({ gpu: undefined, gpus: 0 });
  expect(await without.quote()).toMatchObject({ cpus: 4, gpus: 0, priceUsdPerHour: 0.12 });
  const large = await without.provider.quote({ diskBytes: 1e9, ramBytes: 30 * 2 ** 30 }, without.context);
  expect(large).toMatchObject({ cpus: 16, ramBytes: 32 * 2 ** 30 });
});

it.each([
  [{ gpu: "H200" }, "OUT_OF_STOCK", /H200/],
  [{ gpu: "RTX 409" }, "INVALID_OPTIONS", /Did you mean RTX 4090/],
  [{ region: "EU-RO-2" }, "INVALID_OPTIONS", /Did you mean EU-RO-1/],
  [{ gpu: "RTX 4090:9" }, "NOT_AVAILABLE", /GPU/],
  [{ maxUsdPerHour: 0.5 }, "NOT_AVAILABLE", /\$0\.69 an hour/],
])("%j is refused with %s", async (options, code, message) => {
  const testbed = await createTestbed(options);
  await expect(testbed.quote()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

it("a price that cannot be read makes a pod no offer", async () => {
  const testbed = await createTestbed();
  testbed.emulator.inject({ fault: "price-unknown" });
  await expect(testbed.quote()).rejects.toMatchObject({
    code: "NOT_AVAILABLE",
    message: expect.stringContaining("a price that can be read"),
  });
});

it("the offers contain what is sold out, the cheapest first", async () => {
  const { provider, context } = await createTestbed({ gpu: undefined });
  const offers = (await provider.offers?.(context)) ?? [];
  expect(offers.map(({ gpu, available }) => [gpu?.name, available])).toEqual([
    ["RTX A6000", "yes"],
    ["RTX 4090", "yes"],
    ["H100 SXM", "yes"],
    ["H200 SXM", "no"],
  ]);
});

it("the recipe is complete and without the key, whose form is masked", () => {
  const apiKey = "rpa_0123456789ABCDEFGHIJKLMNOPQRSTUV";
  const { recipe, secretPatterns = [] } = runpod({ apiKey, fetch, now: Date.now, interruptible: true });
  expect(recipe).toEqual({
    module: "@unitrain/provider-runpod",
    exportName: "runpod",
    options: { baseUrl: "https://api.runpod.io", interruptible: true },
    secrets: ["RUNPOD_API_KEY"],
  });
  expect(secretPatterns.some((pattern) => pattern.test(`x ${apiKey} y`))).toBe(true);
  // A word of the documentation is no key.
  expect(secretPatterns.some((pattern) => pattern.test("rpa_your_api_key_goes_here"))).toBe(false);
});
