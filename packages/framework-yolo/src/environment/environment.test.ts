import { describe, expect, it } from "vitest";
import { factsWith } from "../__fixtures__/machine.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { environmentOf, foundEnvironment } from "./environment.ts";
import { explain } from "./explain.ts";

const keyOf = (options: YoloOptions, ...facts: Parameters<typeof factsWith>) =>
  environmentOf(checkOptions(options), factsWith(...facts)).key;

/** What the installer is told. */
const settingsOf = (options: YoloOptions, ...facts: Parameters<typeof factsWith>): Record<string, unknown> =>
  JSON.parse(environmentOf(checkOptions(options), factsWith(...facts)).install.argv.at(-1) ?? "");

const gpu = (computeCapability: string) => ({ name: "GPU", memoryBytes: 16e9, computeCapability });

describe("the environment", () => {
  it("is one for each version, build of torch and architecture, below the machine's folder for them", () => {
    expect(keyOf({}, 0)).toBe("ultralytics-8.4.190-cpu-x86_64");
    expect(keyOf({ version: "8.4.1" }, 2)).toBe("ultralytics-8.4.1-cuda-x86_64");
    expect(keyOf({ version: "latest" }, 2)).toBe("ultralytics-latest-cuda-x86_64");
    expect(keyOf({}, 0, { architecture: "aarch64" })).toBe("ultralytics-8.4.190-cpu-aarch64");
    const { folder } = environmentOf(checkOptions({}), factsWith(0));
    expect(folder).toBe("/home/user/.cache/unitrain/1/environments/ultralytics-8.4.190-cpu-x86_64");
  });

  it("takes the plain wheels where there is no GPU, and those that fit the driver where there is one", () => {
    expect(settingsOf({}, 0)).toMatchObject({ backend: null, pins: [], extras: [], version: "8.4.190" });
    expect(settingsOf({}, 1)).toMatchObject({ backend: "auto", pins: [] });
    expect(settingsOf({ version: "8.4.1" }, 1, { gpuDriver: "570.172.08" })).toMatchObject({
      backend: "auto",
      pins: ["torch<2.11"],
      reason: expect.stringContaining("driver 570.172.08 is below 580"),
      version: "8.4.1",
    });
  });

  it("has kernels for old GPUs", () => {
    expect(keyOf({}, 1, { gpus: [gpu("9.0"), gpu("7.0")] })).toContain("-cuda126-");
    expect(settingsOf({}, 1, { gpus: [gpu("6.1")] })).toMatchObject({
      backend: "cu126",
      pins: ["torch<2.8"],
    });
    expect(keyOf({}, 1, { gpus: [gpu("7.5")] })).toContain("-cuda-");
    expect(keyOf({}, 1, { gpus: [gpu("")] })).toContain("-cuda-");
  });

  it("brings what several GPUs need, which Ultralytics would install in the middle of the training", () => {
    expect(settingsOf({}, 2)).toMatchObject({ extras: ["cloudpickle>=3.1.1"] });
  });

  it("must see the GPUs, unless the processor was asked for", () => {
    const expected = (options: YoloOptions) =>
      JSON.parse(environmentOf(checkOptions(options), factsWith(1)).works.argv.at(-1) ?? "");
    expect(expected({})).toMatchObject({ gpu: true });
    expect(expected({ device: "cpu" })).toMatchObject({ gpu: false });
  });

  it("is known by what its probe printed, whatever else is there", () => {
    const line = '{"python": "/env/bin/python", "ultralytics": "8.4.190", "torch": "2.15.0", "devices": 2}';
    expect(foundEnvironment(`unitrain-environment-error: {}\n${line}\nbye\n`)).toMatchObject({
      python: "/env/bin/python",
      devices: 2,
    });
    expect(foundEnvironment(`${line}\n{"python": "/cut`)).toMatchObject({ devices: 2 });
    expect(foundEnvironment("")).toBeUndefined();
  });
});

describe("a failure", () => {
  const say = (code: string, detail = "detail") =>
    `some output\nunitrain-environment-error: ${JSON.stringify({ code, detail })}\n`;

  it.each([
    "no-python",
    "python-too-old",
    "no-pip",
    "no-network",
    "disk-full",
    "no-such-version",
    "other-version",
    "not-installed",
    "import-failed",
    "gpu-unseen",
    "driver-too-old",
    "install-failed",
  ])("%s is explained, with what to do", (code) => {
    const explained = explain(say(code));
    expect(explained?.message.length).toBeGreaterThan(20);
    expect(explained?.hint).toMatch(/\.$/);
  });

  it("is the last one that was told", () => {
    expect(explain(say("no-network") + say("disk-full", "1.0 GB are free"))?.message).toContain(
      "1.0 GB are free",
    );
  });

  it("is left to others when it is not known", () => {
    expect(explain("Segmentation fault")).toBeUndefined();
    expect(explain(say("a-new-one"))).toBeUndefined();
    expect(explain("unitrain-environment-error: {broken}\n")).toBeUndefined();
  });

  it("of a full disk is known by anybody's words", () => {
    expect(explain("sh: write error: No space left on device")?.message).toContain("disk");
  });
});
