import type { MachineFacts } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createFacts, createJobInput } from "../../test/machine.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { createReadyCheck } from "../ready-check.ts";
import { createJob } from "./job.ts";
import { describeJob } from "./title.ts";

const jobFor = (options: YoloOptions, input = createJobInput(createFacts(0))) =>
  createJob(checkOptions(options), input);
const listSettings = (
  ...parameters: Parameters<typeof jobFor>
): { arguments: string[]; weights: readonly unknown[]; notes: string[] } =>
  JSON.parse(jobFor(...parameters).argv.at(-1) ?? "");

describe("the job", () => {
  it("writes into the attempt's output folder, runs in its scratch folder, and watches results.csv", () => {
    const input = createJobInput(createFacts(0));
    const job = jobFor({ epochs: 3 }, input);
    expect(job).toMatchObject({
      id: "r1-1",
      cwd: input.scratch,
      watch: [`${input.output}/results.csv`],
      secrets: [],
    });
    expect(JSON.parse(job.argv.at(-1) ?? "")).toMatchObject({
      dataset: input.dataset,
      output: input.output,
      scratch: input.scratch,
      task: "detect",
    });
    expect(job.env.PYTHONUNBUFFERED).toBe("1");
  });

  it("has the equivalent yolo command as its title", () => {
    expect(jobFor({ model: "yolo11n.yaml", epochs: 12, plots: false }).title).toBe(
      "yolo detect train model=yolo11n.yaml epochs=12 plots=False",
    );
    expect(jobFor({ model: "my nets/best.pt" }).title).toBe("yolo detect train 'model=my nets/best.pt'");
  });

  it("is described in one line of the plan", () => {
    expect(describeJob(checkOptions({ model: "yolo11n.yaml", lr0: 0.1, epochs: 12, imgsz: 128 }))).toBe(
      "detect yolo11n.yaml epochs=12 imgsz=128, ultralytics 8.4.190",
    );
    expect(
      describeJob(checkOptions({ version: "8.4.1", pip: ["timm"], code: "./src", track: ["wandb"] })),
    ).toBe("detect yolo11n.pt, ultralytics 8.4.1, with timm, code ./src, shown in wandb");
    const fork = "git+https://example.com/me/ultralytics.git";
    expect(describeJob(checkOptions({ pip: [fork] }))).toContain("ultralytics of its own, with git+https://");
  });

  it("runs the Python of the environment, also when that is the machine's own", () => {
    const facts = createFacts(0);
    expect(jobFor({}).argv[0]).toBe("/home/user/.cache/unitrain/1/environments/key/bin/python");
    expect(jobFor({}).env.PYTHONPATH).toBe("");
    const environment = {
      folder: "/x",
      found: "already" as const,
      output: '{"python": "/opt/conda/bin/python", "devices": 0}\n',
    };
    const job = jobFor({}, createJobInput(facts, { environment }));
    expect(job.argv[0]).toBe("/opt/conda/bin/python");
    // The machine's PYTHONPATH could contain another Ultralytics than the checked one.
    expect(job.env).toMatchObject({ PYTHONPATH: "" });
    expect(job.env).not.toHaveProperty("PYTHONHOME");
  });

  it("passes arguments unchanged, and weights by name", () => {
    const { arguments: words, weights } = listSettings({
      model: "nets/best.pt",
      pretrained: "yolo11n.pt",
      lr0: 0.003,
      imgsz: [640, 480],
      amp: false,
    });
    expect(words).toEqual(["lr0=0.003", "imgsz=[640,480]", "amp=False", "device=cpu"]);
    expect(weights).toEqual([
      { argument: "model", name: "nets/best.pt", shipped: "model/best.pt" },
      { argument: "pretrained", name: "yolo11n.pt", shipped: "pretrained/yolo11n.pt" },
    ]);
    expect(listSettings({ pretrained: false }).arguments).toContain("pretrained=False");
  });

  it("keeps project and name for trackers, with the id of the job as the default name", () => {
    const settings = listSettings({ project: "pallets", name: "first", epochs: 1 });
    expect(settings).toMatchObject({
      project: "pallets",
      name: "first",
      arguments: ["epochs=1", "device=cpu"],
    });
    expect(listSettings({})).toMatchObject({ project: null, name: "r1-1" });
  });

  it("passes the user's code and trackers to the machine", () => {
    expect(listSettings({ code: "./src", track: ["wandb"] })).toMatchObject({
      code: "code",
      track: ["wandb"],
    });
    expect(listSettings({})).toMatchObject({ code: null, track: [] });
  });

  it.each([
    [2, undefined, undefined],
    [3, undefined, "batch=15"],
    [6, undefined, "batch=12"],
    [17, undefined, "batch=17"],
    [3, 9, "batch=9"],
  ])("shares batches evenly among %i GPUs, batch=%j", (gpus, batch, word) => {
    const options = batch === undefined ? {} : { batch };
    const { arguments: words, notes } = listSettings(
      options,
      createJobInput(createFacts(gpus, { cpus: 64 })),
    );
    expect(words.find((argument) => argument.startsWith("batch="))).toBe(word);
    expect(notes.length).toBe(batch === undefined && word !== undefined ? 1 : 0);
  });

  it("never turns mixed precision off by default", () => {
    expect(listSettings({}, createJobInput(createFacts(2))).arguments.join(" ")).not.toContain("amp");
  });

  it.each([
    [0, undefined, "device=cpu", 0],
    [1, undefined, "device=0", 1],
    [4, undefined, "device=0,1,2,3", 4],
    [2, "cpu", "device=cpu", 0],
    [2, 1, "device=1", 1],
    [4, "0,2", "device=0,2", 2],
    [4, "cuda:0,1", "device=cuda:0,1", 2],
    [4, [0, 1, 3], "device=[0,1,3]", 3],
    [2, -1, "device=-1", 1],
  ])("on %i GPUs with device=%j passes %s", (gpus, device, word, needed) => {
    const options = device === undefined ? {} : { device };
    const input = createJobInput(createFacts(gpus));
    expect(listSettings(options, input).arguments).toContain(word);
    expect(jobFor(options, input).needs.gpus).toBe(needed);
  });

  it("uses no more GPUs than torch sees", () => {
    const environment = {
      folder: "/e",
      found: "already" as const,
      output: '{"python": "/e/bin/python", "devices": 1}\n',
    };
    const settings = listSettings({}, createJobInput(createFacts(4), { environment }));
    expect(settings.arguments).toContain("device=0");
    expect(settings.notes).toEqual(["torch sees only 1 of the 4 GPUs, so 1 are used"]);
  });
});

describe("a small /dev/shm", () => {
  const on = (megabytes: number, options: YoloOptions = {}, gpus = 1) =>
    listSettings(options, createJobInput(createFacts(gpus, { sharedMemoryBytes: megabytes * 1e6 })));

  it("reduces the number of workers, with a note", () => {
    expect(on(67).arguments).toContain("workers=0");
    expect(on(67).notes).toEqual([
      "/dev/shm has only 67 MB, so the data is loaded by 0 workers instead of 8",
    ]);
    expect(on(300).arguments).toContain("workers=3");
  });

  it("changes nothing when images are small or workers few", () => {
    expect(on(67, { imgsz: 128, batch: 4 }).notes).toEqual([]);
    expect(on(67, { workers: 2 }).arguments).toContain("workers=2");
    expect(on(8000).notes).toEqual([]);
  });

  it("is ignored on a Mac, which does not use it", () => {
    const facts = createFacts(0, { os: "Darwin", sharedMemoryBytes: 0 });
    expect(listSettings({}, createJobInput(facts)).notes).toEqual([]);
  });
});

describe("the readiness check", () => {
  const check = (options: YoloOptions, gpus: number, more: Partial<MachineFacts> = {}) =>
    createReadyCheck(checkOptions(options))({ facts: createFacts(gpus, more) });

  it("accepts the GPUs that exist", () => {
    expect(check({}, 0)).toEqual({ ready: true });
    expect(check({ device: "cpu" }, 0)).toEqual({ ready: true });
    expect(check({ device: "0,1" }, 2)).toEqual({ ready: true });
    expect(check({ device: -1 }, 1)).toEqual({ ready: true });
    expect(check({}, 0, { workFolder: "/home/My Name (ü)/.unitrain/1" })).toEqual({ ready: true });
  });

  it("refuses missing GPUs without waiting", () => {
    const reason = expect.stringContaining("has no GPU");
    expect(check({ device: 0 }, 0)).toMatchObject({ ready: false, step: "gpu", final: true, reason });
    expect(check({ device: -1 }, 0)).toMatchObject({ ready: false, final: true, reason });
    expect(check({ device: [-1, -1] }, 1)).toMatchObject({
      reason: expect.stringContaining("asks for 2 GPUs"),
    });
    expect(check({ device: [0, 2] }, 2)).toMatchObject({ reason: expect.stringContaining("names GPU 2") });
  });

  it.each(["o'brien", "[old]", "a*b", "what?"])(
    "refuses a work folder that Ultralytics cannot work in: %s",
    (name) => {
      const reason = expect.stringContaining(name);
      expect(check({}, 0, { workFolder: `/home/${name}` })).toMatchObject({
        ready: false,
        final: true,
        reason,
      });
    },
  );
});
