import { describe, expect, it } from "vitest";
import { createFacts } from "../../test/machine.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { createEnvironment } from "./environment.ts";
import { explainEnvironmentFailure } from "./explain-failure.ts";
import { parseFoundEnvironment, readVersions } from "./found-environment.ts";

const getKey = (options: YoloOptions, ...facts: Parameters<typeof createFacts>) =>
  createEnvironment(checkOptions(options), createFacts(...facts)).key;

/** Returns the settings of the installer. */
const listSettings = (
  options: YoloOptions,
  ...facts: Parameters<typeof createFacts>
): Record<string, unknown> =>
  JSON.parse(createEnvironment(checkOptions(options), createFacts(...facts)).install.argv.at(-1) ?? "");

const gpu = (computeCapability: string) => ({ name: "GPU", memoryBytes: 16e9, computeCapability });

describe("the environment", () => {
  it("has one folder per version, build of torch and architecture, below the machine's environments folder", () => {
    expect(getKey({}, 0)).toBe("ultralytics-8.4.190-cpu-x86_64");
    expect(getKey({ version: "8.4.1" }, 2)).toBe("ultralytics-8.4.1-cuda-x86_64");
    expect(getKey({ version: "latest" }, 2)).toBe("ultralytics-latest-cuda-x86_64");
    expect(getKey({}, 0, { architecture: "aarch64" })).toBe("ultralytics-8.4.190-cpu-aarch64");
    const { folder } = createEnvironment(checkOptions({}), createFacts(0));
    expect(folder).toBe("/home/user/.cache/unitrain/1/environments/ultralytics-8.4.190-cpu-x86_64");
  });

  it("uses the wheels that fit the driver, and reports driver, wheel and reason", () => {
    expect(listSettings({}, 0)).toMatchObject({ pins: [], extras: [], version: "8.4.190", reason: null });
    expect(listSettings({}, 1)).toMatchObject({
      pins: [],
      reason: "driver 590.44.01, the newest torch: the driver does CUDA 13",
    });
    expect(listSettings({ version: "8.4.1" }, 1, { gpuDriver: "570.172.08" })).toMatchObject({
      ultralytics: "ultralytics==8.4.1",
      backend: null,
      pins: ["torch==2.10.0", "torchvision==0.25.0"],
      reason: expect.stringMatching(/^driver 570\.172\.08, torch 2\.10\.0 with CUDA 12: .*needs driver 580$/),
    });
  });

  it("uses another index only where the default one may have no CUDA wheels", () => {
    expect(listSettings({}, 1, { architecture: "aarch64" })).toMatchObject({ backend: "auto" });
    expect(listSettings({}, 0, { architecture: "aarch64" })).toMatchObject({ backend: null });
  });

  it("has kernels for old GPUs", () => {
    expect(getKey({}, 1, { gpus: [gpu("9.0"), gpu("7.0")] })).toContain("-cuda126-");
    expect(listSettings({}, 1, { gpus: [gpu("6.1")] })).toMatchObject({
      pins: ["torch==2.7.1", "torchvision==0.22.1"],
      reason: expect.stringContaining("compute capability 6.1"),
    });
    expect(getKey({}, 1, { gpus: [gpu("7.5")] })).toContain("-cuda-");
    expect(getKey({}, 1, { gpus: [gpu("")] })).toContain("-cuda-");
  });

  it("is separate for each set of packages, and then never the machine's own Python", () => {
    const key = getKey({ pip: ["timm", "albumentations"] }, 0);
    expect(key).toMatch(/^ultralytics-8\.4\.190-cpu-x86_64-[0-9a-f]{10}$/);
    expect(getKey({ pip: ["albumentations", "timm"] }, 0)).toBe(key);
    expect(getKey({ pip: ["timm"] }, 0)).not.toBe(key);
    expect(listSettings({ pip: ["timm"], track: ["tensorboard"] }, 0)).toMatchObject({
      extras: ["timm", "tensorboard"],
    });
    const checkedFile = (options: YoloOptions) =>
      createEnvironment(checkOptions(options), createFacts(0)).checkCommand.argv[2];
    expect(checkedFile({})).toContain("command -v yolo");
    expect(checkedFile({ track: ["wandb"] })).not.toContain("command -v yolo");
  });

  it("uses the version of a fork, unless one is named", () => {
    const fork = ["git+https://example.com/me/ultralytics.git@mine"];
    expect(getKey({ pip: fork }, 0)).toMatch(/^ultralytics-own-cpu-x86_64-/);
    expect(listSettings({ pip: fork }, 0)).toMatchObject({ ultralytics: null, version: null, extras: fork });
    expect(listSettings({ pip: fork, version: "8.3.9" }, 0)).toMatchObject({
      ultralytics: null,
      version: "8.3.9",
    });
    expect(listSettings({ version: "latest" }, 0)).toMatchObject({
      ultralytics: "ultralytics",
      version: null,
    });
  });

  it("uses torch and NumPy of their time for the oldest versions", () => {
    const settings = listSettings({ version: "8.0.200" }, 1);
    expect(settings).toMatchObject({
      pins: ["torch<2.6", "torchvision<0.21"],
      extras: ["numpy<2", "setuptools<81"],
      newestPython: "3.12",
    });
    expect(listSettings({ version: "8.2.0" }, 1)).toMatchObject({ pins: [], newestPython: null });
  });

  it("includes what several GPUs need, which Ultralytics would otherwise install during the training", () => {
    expect(listSettings({}, 2)).toMatchObject({ extras: ["cloudpickle>=3.1.1"] });
  });

  it("must see the GPUs, unless device=cpu is set", () => {
    const expected = (options: YoloOptions) =>
      JSON.parse(createEnvironment(checkOptions(options), createFacts(1)).checkCommand.argv.at(-1) ?? "");
    expect(expected({})).toMatchObject({ gpu: true });
    expect(expected({ device: "cpu" })).toMatchObject({ gpu: false });
    expect(expected({})).toMatchObject({ devices: [] });
    expect(expected({ device: "0" })).toMatchObject({ devices: [0] });
    expect(expected({ device: -1 })).toMatchObject({ devices: [] });
  });

  it("is described by the line that its probe prints, among any other output", () => {
    const line = '{"python": "/env/bin/python", "ultralytics": "8.4.190", "torch": "2.15.0", "devices": 2}';
    expect(parseFoundEnvironment(`unitrain-environment-error: {}\n${line}\nbye\n`)).toMatchObject({
      python: "/env/bin/python",
      devices: 2,
    });
    expect(parseFoundEnvironment(`${line}\n{"python": "/cut`)).toMatchObject({ devices: 2 });
    expect(parseFoundEnvironment("")).toBeUndefined();
  });

  it("lists its versions for the receipt", () => {
    const found = {
      python: "/env/bin/python",
      pythonVersion: "3.12.3",
      ultralytics: "8.4.190",
      torch: "2.10.0+cu128",
      torchvision: "0.25.0",
      torchCuda: "12.8",
      devices: 1,
    };
    const line = JSON.stringify(found).replace('"python":', '"python": ');
    expect(readVersions(line, createFacts(1))).toEqual({
      ultralytics: "8.4.190",
      torch: "2.10.0+cu128",
      torchvision: "0.25.0",
      python: "3.12.3",
      cuda: "12.8",
      driver: "590.44.01",
    });
    expect(readVersions(line.replace('"devices":1', '"devices":0'), createFacts(0))).not.toHaveProperty(
      "cuda",
    );
    expect(readVersions("nothing", createFacts(0))).toEqual({});
  });
});

describe("a failure", () => {
  const errorLine = (code: string, detail = "detail") =>
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
    "gpu-not-ready",
    "no-kernels",
    "no-such-package",
    "packages-conflict",
    "no-git",
    "no-repository",
    "install-failed",
  ])("%s is explained with a hint", (code) => {
    const explained = explainEnvironmentFailure(errorLine(code));
    expect(explained?.message.length).toBeGreaterThan(20);
    expect(explained?.hint).toMatch(/\.$/);
  });

  it("is explained by the last reported error", () => {
    expect(
      explainEnvironmentFailure(errorLine("no-network") + errorLine("disk-full", "1.0 GB are free"))?.message,
    ).toContain("1.0 GB are free");
  });

  it("is not explained when it is unknown", () => {
    expect(explainEnvironmentFailure("Segmentation fault")).toBeUndefined();
    expect(explainEnvironmentFailure(errorLine("a-new-one"))).toBeUndefined();
    expect(explainEnvironmentFailure("unitrain-environment-error: {broken}\n")).toBeUndefined();
  });

  it("caused by a full disk is recognized in the output of any tool", () => {
    expect(explainEnvironmentFailure("sh: write error: No space left on device")?.message).toContain("disk");
    expect(
      explainEnvironmentFailure(errorLine("import-failed", "OSError: [Errno 28] No space left on device"))
        ?.message,
    ).toContain("disk");
  });

  it.each([
    [errorLine("import-failed", "ImportError: libtorch_cpu.so: failed to map segment from shared object"), 1],
    ["OpenBLAS error: Memory allocation still failed after 10 retries, giving up.\n", 1],
    [errorLine("install-failed", "memory allocation of 4194304 bytes failed"), 1],
    ["", 137],
  ])("caused by too little memory is not blamed on the environment: %s", (output, exitCode) => {
    const explained = explainEnvironmentFailure(output, exitCode);
    expect(explained?.message).toContain("ran out of memory");
    expect(explained?.hint).not.toMatch(/environment/i);
  });
});
