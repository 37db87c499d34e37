import { describe, expect, it } from "vitest";
import { runCli } from "../../test/run-cli.ts";
import { cloud, cloudWithoutKey, failingCloud, offer } from "../../test/several-clouds.ts";

const h100 = { gpu: { name: "H100", memoryBytes: 80e9 } };
const alpha = cloud("alpha", offer("H100-1", 2.5, h100), offer("A10-1", 0.9));
const beta = cloud("beta", offer("gpu_h100", 1.99, h100));

describe("offers of several clouds", () => {
  it("are in one table with the cloud of each, cheapest first", async () => {
    const { exitCode, out } = await runCli("offers", { clouds: [alpha, beta] });
    expect(exitCode).toBe(0);
    const rows = out.split("\n").map((line) => line.split(/\s+/).slice(0, 2));
    expect(rows.slice(0, 4)).toEqual([
      ["CLOUD", "OFFER"],
      ["alpha", "A10-1"],
      ["beta", "gpu_h100"],
      ["alpha", "H100-1"],
    ]);
  });

  it("are filtered over all of them", async () => {
    const { out } = await runCli("offers --gpu H100 --max-price 2", { clouds: [alpha, beta] });
    expect(out).toContain("gpu_h100");
    expect(out).not.toContain("H100-1");
  });

  it("are shown although a cloud fails, and name the clouds without a key in one line", async () => {
    const clouds = [alpha, failingCloud("broken"), cloudWithoutKey];
    const { exitCode, out, stderr } = await runCli("offers", { clouds });
    expect(exitCode).toBe(0);
    expect(out).toContain("H100-1");
    expect(stderr).toContain("! broken: broken is down.");
    expect(stderr).toContain("Without a key: keyless (KEYLESS_API_KEY)");
  });

  it("are JSON with what became of each cloud", async () => {
    const { out } = await runCli("offers --json", {
      clouds: [beta, failingCloud("broken"), cloudWithoutKey],
    });
    expect(JSON.parse(out)).toMatchObject({
      offers: [{ on: "beta", machine: "gpu_h100", priceUsdPerHour: 1.99 }],
      clouds: [
        { on: "beta", state: "compared" },
        { on: "broken", state: "failed", error: { code: "PROVIDER_UNAVAILABLE" } },
        { on: "keyless", state: "no-key", variables: ["KEYLESS_API_KEY"] },
      ],
    });
  });

  it("are an error if every cloud fails", async () => {
    const { exitCode, stderr } = await runCli("offers", {
      clouds: [failingCloud("broken"), cloudWithoutKey],
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("No cloud has an offer. broken: broken is down.");
  });

  it("need a key of at least one cloud", async () => {
    const { exitCode, stderr } = await runCli("offers", { clouds: [cloudWithoutKey] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("unitrain login keyless");
    expect(stderr).toContain("KEYLESS_API_KEY");
  });
});
