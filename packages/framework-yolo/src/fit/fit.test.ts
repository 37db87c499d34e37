import type { FitFinding, MachineFacts } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createFacts } from "../../test/machine.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { checkFit } from "./fit.ts";

const small = { files: 200, bytes: 100e6 };
const large = { files: 100_000, bytes: 20e9 };

const findings = (options: YoloOptions, facts: MachineFacts, data = small): readonly FitFinding[] =>
  checkFit(checkOptions(options), { facts, data });

/** Returns each finding as `error: …` or `warning: …`. */
const messagesFor = (...parameters: Parameters<typeof findings>): readonly string[] =>
  findings(...parameters).map(({ severity, message }) => `${severity}: ${message}`);

const withGpus = (
  count: number,
  more: Partial<MachineFacts["gpus"][number]> = {},
): Partial<MachineFacts> => ({
  gpus: Array.from({ length: count }, () => ({
    name: "GPU",
    memoryBytes: 80e9,
    computeCapability: "9.0",
    ...more,
  })),
});

describe("a training that fits", () => {
  it("passes without findings", () => {
    expect(findings({}, createFacts(0))).toEqual([]);
    expect(findings({ model: "yolo11x.pt", batch: 64, cache: "ram" }, createFacts(2))).toEqual([]);
  });

  it("has a hint for each finding", () => {
    const facts = createFacts(1, { sharedMemoryBytes: 64e6, mounts: [{ path: "/", freeBytes: 1e6 }] });
    const all = findings({ cache: "ram", batch: 1024 }, facts, large);
    expect(all.length).toBeGreaterThan(2);
    for (const { hint } of all) expect(hint).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the disk", () => {
  const disk = (freeBytes: number, path = "/") => ({ path, freeBytes });

  it("needs space for twice the data", () => {
    expect(messagesFor({}, createFacts(1, { mounts: [disk(39e9)] }), large)).toEqual([
      "error: / has 39 GB free, but the data needs 40 GB there (twice its size).",
    ]);
  });

  it("causes a warning without space for the environment, which may be installed already", () => {
    expect(messagesFor({}, createFacts(1, { mounts: [disk(51e9)] }), large)).toEqual([
      expect.stringMatching(/^warning: \/ has 51 GB free; .* up to 52 GB there\.$/),
    ]);
    expect(messagesFor({}, createFacts(0, { mounts: [disk(49e9)] }), large)).toEqual([]);
  });

  it("is the one that holds the work folder: the mount with the longest matching path", () => {
    const mounts = [disk(13e9), disk(1e9, "/home/user/.unitrain"), disk(1e12, "/home/user2")];
    expect(messagesFor({}, createFacts(1, { mounts }), large)).toEqual([
      expect.stringContaining("error: /home/user/.unitrain has 1 GB free"),
    ]);
    expect(
      messagesFor({}, createFacts(1, { mounts: [disk(13e9), disk(1e12, "/home/user/.unitrain")] }), large),
    ).toEqual([]);
  });

  it("is not checked when its free space is unknown", () => {
    expect(messagesFor({}, createFacts(1, { mounts: [] }), large)).toEqual([]);
  });

  it("causes a warning without space for cache=disk", () => {
    expect(messagesFor({ cache: "disk" }, createFacts(1, { mounts: [disk(100e9)] }), large)).toEqual([
      expect.stringContaining("too little for cache=disk (about 200 GB)"),
    ]);
  });
});

describe("/dev/shm", () => {
  const facts = createFacts(0, { sharedMemoryBytes: 64e6 });

  it("reduces the number of workers when it is small, with a warning", () => {
    expect(messagesFor({}, facts)).toEqual([
      expect.stringMatching(
        /^warning: \/dev\/shm has 64 MB; 8 workers need about [\d.]+ (?:MB|GB), so 0 are used\.$/,
      ),
    ]);
  });

  it("needs little for the small images of classification", () => {
    const facts = createFacts(0, { sharedMemoryBytes: 128e6 });
    expect(findings({ task: "classify" }, facts)).toEqual([]);
    expect(findings({ task: "detect" }, facts)).toHaveLength(1);
  });

  it("keeps the number of workers that the user set, with a warning", () => {
    const [found] = findings({ workers: 4 }, facts);
    expect(found).toMatchObject({
      severity: "warning",
      message: expect.stringContaining('may end in a "Bus error"'),
      hint: expect.stringContaining("workers=0"),
    });
    expect(findings({ workers: 0 }, facts)).toEqual([]);
  });

  it("is shared by the workers of all GPUs", () => {
    const several = createFacts(4, { sharedMemoryBytes: 300e6, cpus: 32 });
    expect(messagesFor({}, several)[0]).toContain("8 workers for each GPU");
  });
});

describe("RAM", () => {
  it("causes a warning when cache=ram needs more", () => {
    const facts = createFacts(0, { ramBytes: 16e9 });
    expect(messagesFor({ cache: true }, facts, large)).toEqual([
      expect.stringMatching(/^warning: cache=ram needs about 92\.2 GB, but the machine has 16 GB/),
    ]);
    expect(messagesFor({ cache: "disk" }, facts, { files: 10, bytes: 10 })).toEqual([]);
    expect(messagesFor({ cache: "ram", imgsz: 64 }, facts, large)).toEqual([]);
  });
});

describe("devices", () => {
  it.each([
    [{ device: 0 }, 0, "device=0 does not exist: the machine has no GPU."],
    [{ device: "0,3" }, 2, "device=0,3 does not exist: the machine has 2 GPUs, 0 to 1."],
    [{ device: "-1,-1" }, 1, "device=-1,-1 does not exist: the machine has one GPU, number 0."],
  ])("%j on a machine with %i is refused", (options, gpus, message) => {
    expect(messagesFor(options, createFacts(gpus))).toEqual([`error: ${message}`]);
  });

  it.each([
    [{ device: "cpu" }, 0],
    [{ device: -1 }, 1],
    [{ device: [0, 1], batch: 16 }, 2],
    [{}, 0],
  ] as const)("%j on a machine with %i is accepted", (options, gpus) => {
    expect(messagesFor(options as YoloOptions, createFacts(gpus))).toEqual([]);
  });

  it("cause a warning for an automatic batch on a CPU", () => {
    expect(messagesFor({ batch: -1 }, createFacts(0))).toEqual([
      "warning: batch=-1 (automatic) works on GPUs only: Ultralytics uses 16 on this machine.",
    ]);
    expect(messagesFor({ batch: 0.7, device: "cpu" }, createFacts(1))[0]).toContain("works on GPUs only");
  });

  it("cause a warning for more workers than processors", () => {
    expect(messagesFor({ workers: 16 }, createFacts(1, { cpus: 8 }))).toEqual([
      "warning: workers=16 is more than the machine's 8 processors allow: Ultralytics starts 8.",
    ]);
    expect(messagesFor({ workers: 8 }, createFacts(2, { cpus: 8 }))[0]).toContain("starts 4 for each GPU");
  });
});

describe("a GPU that other processes use", () => {
  const busy = {
    name: "GPU",
    memoryBytes: 80e9,
    computeCapability: "9.0",
    processes: [
      { pid: 4711, user: "ann", name: "python3", memoryBytes: 20e9 },
      { pid: 12, name: "x" },
    ],
  };

  it("is reported with the process, its user and its memory", () => {
    const free = { name: "GPU", memoryBytes: 80e9, computeCapability: "9.0" };
    expect(findings({ device: 1 }, createFacts(2, { gpus: [free, busy] }))).toEqual([
      {
        severity: "warning",
        message: "GPU 1 is in use: python3 (process 4711, user ann, 20 GB); x (process 12).",
        hint: "Train on a free one: device=0.",
      },
    ]);
  });

  it("is ignored when the training uses another, and no other is suggested when there is none", () => {
    const free = { name: "GPU", memoryBytes: 80e9, computeCapability: "9.0" };
    expect(messagesFor({ device: 0 }, createFacts(2, { gpus: [free, busy] }))).toEqual([]);
    expect(findings({}, createFacts(1, { gpus: [busy] }))[0]?.hint).toContain("Wait until it is free");
    expect(findings({}, createFacts(2, { gpus: [free, busy] }))[0]?.hint).toContain("device=0, since all");
  });
});

describe("the GPU", () => {
  it("needs a driver that some version of torch supports", () => {
    const old = createFacts(1, { gpuDriver: "470.57.02" });
    expect(messagesFor({}, old)).toEqual([
      expect.stringContaining("error: The NVIDIA driver 470.57.02 is too old"),
    ]);
    expect(messagesFor({ device: "cpu" }, old)).toEqual([]);
    expect(messagesFor({}, createFacts(1, { gpuDriver: "525.60.13" }))).toEqual([]);
  });

  it("allows an automatic batch only when it is the only one", () => {
    expect(messagesFor({ batch: -1 }, createFacts(2))).toEqual([
      "error: batch=-1 (automatic) does not work with 2 GPUs.",
    ]);
    expect(messagesFor({ batch: 0.6 }, createFacts(2))[0]).toContain("error: batch=0.6");
    expect(messagesFor({ batch: 10 }, createFacts(4))[0]).toContain("evenly among 4 GPUs");
    expect(messagesFor({ batch: -1, device: 1 }, createFacts(2))).toEqual([]);
    expect(messagesFor({ batch: -1 }, createFacts(1))).toEqual([]);
  });

  it("causes a finding with a batch that fits when it is too small", () => {
    const facts = createFacts(1, withGpus(1, { memoryBytes: 8e9 }));
    expect(findings({ model: "yolo11x.pt" }, facts)).toEqual([
      {
        severity: "warning",
        message:
          "batch=16 with yolo11x.pt at imgsz=640 needs about 17 GB on the GPU, which has 8 GB: it may run out of memory.",
        hint: "Use batch=7 or batch=-1 (automatic), or a smaller model or imgsz.",
      },
    ]);
    expect(findings({ model: "yolo11x.pt", batch: -1 }, facts)).toEqual([]);
    expect(findings({ model: "yolo11n.pt" }, facts)).toEqual([]);
    expect(findings({ model: "mine.pt", batch: 512 }, facts)).toEqual([]);
  });

  it("limits the batch to what the smallest of several can hold", () => {
    const gpus = [...(withGpus(1).gpus ?? []), ...(withGpus(1, { memoryBytes: 8e9 }).gpus ?? [])];
    expect(messagesFor({ model: "yolo11x.pt", batch: 14 }, createFacts(2, { gpus }))).toEqual([]);
    expect(messagesFor({ model: "yolo11x.pt", batch: 16 }, createFacts(2, { gpus }))[0]).toContain(
      "on each GPU",
    );
    expect(messagesFor({ model: "yolo11x.pt", device: 0 }, createFacts(2, { gpus }))).toEqual([]);
  });

  it.each([
    [{ model: "yolov8m-seg.pt" }, true],
    [{ model: "yolov8m.pt" }, false],
    [{ model: "yolov8m.pt", amp: false }, true],
    [{ model: "yolov8n.pt", imgsz: 960 }, false],
    [{ model: "yolov8s.pt", imgsz: 1280 }, true],
    [{ model: "yolo11x-cls.pt" }, false],
    [{ model: "yolov9c.yaml" }, true],
  ])("with 10 GB is too small for %j: %s", (options, tooMuch) => {
    const facts = createFacts(1, withGpus(1, { memoryBytes: 10e9 }));
    expect(findings(options, facts).length > 0).toBe(tooMuch);
  });

  it("is refused when not even one image fits", () => {
    const facts = createFacts(1, withGpus(1, { memoryBytes: 4e9 }));
    expect(messagesFor({ model: "yolo11x.pt", imgsz: 2048, batch: 1 }, facts)).toEqual([
      expect.stringMatching(/^error: One image with yolo11x\.pt at imgsz=2048 needs about 11\.2 GB/),
    ]);
  });
});
