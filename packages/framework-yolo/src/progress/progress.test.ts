import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkOptions } from "../options/options.ts";
import { BarLines } from "./bar-lines.ts";
import { computeFitness } from "./fitness.ts";
import { createProgressReader } from "./progress.ts";
import { getMetricName } from "./results-csv.ts";

/** Recorded from real trainings of 8 images. */
const recorded = (name: string) =>
  readFileSync(new URL(`../../test/ultralytics-${name}`, import.meta.url), "utf8");
const reader = () => createProgressReader(checkOptions({ epochs: 3 }));

describe("results.csv", () => {
  it.each([
    ["8.4.190", 3],
    ["8.3.240", 2],
    ["8.3.190", 2],
    ["8.3.100", 3],
    ["8.2.100", 2],
    ["8.1.47", 2],
    ["8.0.200", 2],
    ["8.0.140", 2],
  ])("of Ultralytics %s yields its epochs", (version, epochs) => {
    const progress = reader().file("/run/out/results.csv", recorded(`${version}.results.csv`));
    expect(progress.map(({ done, complete, total }) => [done, complete, total])).toEqual(
      Array.from({ length: epochs }, (_, index) => [index + 1, true, 3]),
    );
    for (const { metrics } of progress) {
      expect(Object.keys(metrics)).toEqual(
        expect.arrayContaining([
          "box_loss",
          "cls_loss",
          "dfl_loss",
          "precision",
          "recall",
          "mAP50",
          "mAP50-95",
        ]),
      );
    }
  });

  it("yields the metrics of each epoch", () => {
    const [first] = reader().file("results.csv", recorded("8.4.190.results.csv"));
    expect(first?.metrics).toMatchObject({
      box_loss: 0.83628,
      val_box_loss: 0.49187,
      mAP50: 0,
      lr: 0.00041675,
    });
    expect(first?.metrics).not.toHaveProperty("time");
  });

  it("is read by column name, whatever the columns", () => {
    const csv = "metrics/mAP50(B),epoch,metrics/mAP50(M),train/new_loss,note\n0.5,1,0.25,7,hello\n";
    expect(reader().file("results.csv", csv)).toMatchObject([
      { done: 1, metrics: { mAP50: 0.5, "mAP50(M)": 0.25, new_loss: 7 } },
    ]);
  });

  it("uses the last row of an epoch that was trained twice, and can go back", () => {
    const csv = "epoch,train/box_loss\n1,9\n2,nan\n1,8\n2,7\n";
    expect(
      reader()
        .file("results.csv", csv)
        .map(({ done, metrics }) => [done, metrics.box_loss]),
    ).toEqual([
      [1, 8],
      [2, 7],
    ]);
  });

  it("counts epochs from one, also for old versions that counted from zero", () => {
    const epochs = (csv: string) =>
      reader()
        .file("results.csv", csv)
        .map(({ done }) => done);
    expect(epochs("                  epoch,         train/box_loss\n  0, 1\n  1, 2\n")).toEqual([1, 2]);
    expect(epochs("epoch,train/box_loss\n1,1\n2,2\n,3\n")).toEqual([1, 2]);
  });

  it("is read without values that are not numbers", () => {
    const csv = "epoch,train/box_loss,train/cls_loss,train/dfl_loss\n1,nan,inf,\n";
    expect(reader().file("results.csv", csv)).toMatchObject([{ done: 1, metrics: {} }]);
  });

  it("can be truncated anywhere while it is being written", () => {
    const complete = recorded("8.4.190.results.csv");
    for (let length = 0; length <= complete.length; length++) {
      for (const { done, metrics } of reader().file("results.csv", complete.slice(0, length))) {
        expect(metrics).toEqual(reader().file("results.csv", complete)[done - 1]?.metrics);
      }
    }
  });

  it("does not slow down the search for bars in an endless line", () => {
    // Each `: 1% 1/` could start the end of a bar, and trying each of them took minutes.
    const endless = `1/3 0G ${"7: 1% 1/ ".repeat(7_000)}`;
    expect(new BarLines().read(`${endless}\n1/3 0G 6.3 4.2 4.2 16 160: 45% 2/4 1.6s/it\n`)).toHaveLength(1);
  });

  it("is the only file that is parsed", () => {
    expect(reader().file("/run/out/other.csv", "epoch\n1\n")).toEqual([]);
    expect(reader().file("results.csv", '"\n\u0000,,,\n1')).toEqual([]);
  });

  it.each([
    ["train/box_loss", "box_loss"],
    ["metrics/mAP50-95(B)", "mAP50-95"],
    ["metrics/mAP50(P)", "mAP50(P)"],
    ["metrics/accuracy_top1", "accuracy_top1"],
    ["val/dfl_loss", "val_dfl_loss"],
    ["lr/pg0", "lr"],
    ["lr/pg2", "lr_pg2"],
    ["val", "val"],
  ])("renames %s to %s", (column, name) => expect(getMetricName(column)).toBe(name));
});

describe("the score of an epoch", () => {
  const metrics = {
    mAP50: 0.5,
    "mAP50-95": 0.25,
    "mAP50(M)": 0.4,
    "mAP50-95(M)": 0.125,
    "mAP50(P)": 0.3,
    "mAP50-95(P)": 0.0625,
    accuracy_top1: 0.5,
    accuracy_top5: 1,
  };

  it.each([
    ["detect", "8.4.190", 0.25],
    ["obb", "8.3.198", 0.25],
    ["detect", "8.3.197", 0.275],
    ["detect", "latest", 0.25],
    ["segment", "8.4.190", 0.375],
    ["segment", "8.2.100", 0.275 + 0.1525],
    ["pose", "8.4.190", 0.3125],
    ["classify", "8.0.200", 0.75],
  ] as const)("of %s in Ultralytics %s is its fitness", (task, version, score) => {
    expect(computeFitness(task, metrics, version)).toBeCloseTo(score, 12);
    expect(computeFitness(task, { box_loss: 1 }, version)).toBeUndefined();
  });

  it("depends on the installed version, not on the requested one", () => {
    const csv = "epoch,metrics/mAP50(B),metrics/mAP50-95(B)\n1,0.5,0.25\n";
    const scores = (versions?: Readonly<Record<string, string>>) =>
      createProgressReader(checkOptions({ version: "latest" }), versions === undefined ? {} : { versions })
        .file("results.csv", csv)
        .map(({ score }) => score);
    expect(scores()).toEqual([0.25]);
    expect(scores({ ultralytics: "8.3.100" })[0]).toBeCloseTo(0.275, 12);
  });
});

describe("each task, in Ultralytics 8.4", () => {
  const lines = {
    segment: {
      losses: ["box_loss", "seg_loss", "cls_loss", "dfl_loss", "sem_loss"],
      metrics: ["mAP50", "mAP50-95", "mAP50(M)", "mAP50-95(M)", "val_seg_loss"],
      batches: 2,
    },
    pose: {
      losses: ["box_loss", "pose_loss", "kobj_loss", "cls_loss", "dfl_loss"],
      metrics: ["mAP50", "mAP50-95", "mAP50(P)", "mAP50-95(P)", "val_pose_loss"],
      batches: 2,
    },
    obb: {
      losses: ["box_loss", "cls_loss", "dfl_loss", "angle_loss"],
      metrics: ["mAP50", "mAP50-95", "precision", "recall"],
      batches: 2,
    },
    classify: { losses: ["loss"], metrics: ["accuracy_top1", "accuracy_top5", "val_loss"], batches: 5 },
  };

  it.each(Object.entries(lines))(
    "%s yields losses from bars, and metrics from results.csv",
    (task, wanted) => {
      const reading = createProgressReader(checkOptions({}));
      const last = reading.text(recorded(`8.4.190-${task}.log`)).at(-1);
      expect(last).toMatchObject({ done: 2, total: 2, gpuMemoryBytes: 0 });
      expect(last?.batch).toEqual({ done: wanted.batches, total: wanted.batches });
      expect(Object.keys(last?.metrics ?? {})).toEqual(wanted.losses);
      const epochs = reading.file("results.csv", recorded(`8.4.190-${task}.results.csv`));
      expect(epochs.map(({ done, total }) => [done, total])).toEqual([
        [1, 2],
        [2, 2],
      ]);
      expect(Object.keys(epochs[1]?.metrics ?? {})).toEqual(
        expect.arrayContaining([...wanted.losses, ...wanted.metrics]),
      );
    },
  );
});

describe("progress bars", () => {
  it.each([
    ["8.4.190", 3],
    ["8.3.240", 2],
    ["8.3.190", 2],
    ["8.3.100", 3],
    ["8.2.100", 2],
    ["8.1.47", 2],
    ["8.0.200", 2],
    ["8.0.140", 2],
  ])("of Ultralytics %s yield epoch, batch and losses", (version, epochs) => {
    const lines = recorded(`${version}.log`).split(/(?<=[\r\n])/);
    const bars = new BarLines();
    const progress = lines.flatMap((line) => bars.read(line));
    expect(new Set(progress.map(({ done }) => done))).toEqual(
      new Set(Array.from({ length: epochs }, (_, index) => index + 1)),
    );
    expect(progress.at(-1)).toMatchObject({
      unit: "epoch",
      done: epochs,
      total: epochs,
      complete: false,
      batch: { done: 2, total: 2 },
      gpuMemoryBytes: 0,
    });
    expect(Object.keys(progress.at(-1)?.metrics ?? {})).toEqual(["box_loss", "cls_loss", "dfl_loss"]);
  });

  it("in one chunk yield one event per epoch", () => {
    expect(
      reader()
        .text(recorded("8.4.190.log"))
        .map(({ done, batch }) => [done, batch?.done]),
    ).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
  });

  it("yield the GPU memory in any unit", () => {
    const line = (memory: string) =>
      `  17/50  ${memory}  1.04  0.61  1.1  16  640: 70% ━━━ 212/301 8.4it/s 25.2s<10.6s`;
    const memory = (text: string) => new BarLines().read(line(text))[0]?.gpuMemoryBytes;
    expect([memory("6.42G"), memory("512M"), memory("1.2T")]).toEqual([6.42e9, 512e6, 1.2e12]);
    expect(new BarLines().read(line("6.42G"))).toMatchObject([
      {
        done: 17,
        total: 50,
        batch: { done: 212, total: 301 },
        metrics: { box_loss: 1.04, cls_loss: 0.61, dfl_loss: 1.1 },
      },
    ]);
  });

  it("take the names of other losses from the header, or yield no losses", () => {
    const bars = new BarLines();
    const bar = "  1/5  2G  1  2  3  4  16  640: 10% ━━ 1/10 1it/s\n";
    expect(bars.read(bar)).toMatchObject([{ metrics: {} }]);
    expect(
      bars.read(`  Epoch  GPU_mem  box_loss  seg_loss  cls_loss  dfl_loss  Instances  Size\n${bar}`),
    ).toMatchObject([{ metrics: { box_loss: 1, seg_loss: 2, cls_loss: 3, dfl_loss: 4 } }]);
  });

  it("are not confused with validation bars or other output", () => {
    const others =
      "  Class  Images  Instances  Box(P  R  mAP50  mAP50-95): 100% ━━ 2/2 4.6it/s\n 1/2 of it\n3 epochs completed in 0.001 hours.\ntrain: Scanning a: 45% 1/2\n";
    expect(new BarLines().read(others)).toEqual([]);
  });

  it("yield the number of epochs when the user did not set it", () => {
    const reader = createProgressReader(checkOptions({}));
    const csv = "epoch,train/box_loss\n1,9\n";
    expect(reader.file("results.csv", csv)[0]).not.toHaveProperty("total");
    reader.text("  1/100  0G  1  2  3  16  640: 10% ━━ 1/10 1it/s\n");
    expect(reader.file("results.csv", csv)[0]?.total).toBe(100);
  });
});
