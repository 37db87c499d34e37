import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { frameworkSuite, memoryCloud, memoryFramework, virtualClock } from "@unitrain/conformance";
import { script } from "@unitrain/framework-script";
import { commandLine as scriptCommandLine } from "@unitrain/framework-script/command-line";
import { yolo } from "@unitrain/framework-yolo";
import { commandLine } from "@unitrain/framework-yolo/command-line";
import { describe, it } from "vitest";
import { drawSet, write } from "../../../packages/framework-yolo/test/drawn-set.ts";

const recorded = new URL("../../../packages/framework-yolo/test/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, recorded), "utf8");

frameworkSuite({
  describe,
  it,
  name: "yolo",
  lacks: ["secrets", "resume"],
  start() {
    const folder = mkdtempSync(join(tmpdir(), "ut-conformance-"));
    const splits = ["train", "val"].flatMap((split) => [`images/${split}/0.png`, `labels/${split}/0.txt`]);
    return {
      framework: yolo({ model: "yolo11n.yaml", epochs: 3 }),
      unusual: [
        yolo(),
        yolo({
          model: './it\'s $HOME "here".pt',
          name: "ä b",
          project: "-rf",
          epochs: 1_000_000,
          freeze: [],
        }),
        yolo({ task: "classify", imgsz: [640, 480], pip: [] }),
      ],
      commandLine,
      data: { kind: "local", path: drawSet(join(folder, "data"), { train: 1, val: 1 }) },
      files: ["data.yaml", ...splits],
      brokenData: { kind: "local", path: join(write(join(folder, "broken/notes.txt"), "no images"), "..") },
      log: read("ultralytics-8.4.190.log"),
      watched: { "/out/results.csv": read("ultralytics-8.4.190.results.csv") },
      epochs: 3,
      outputs: ["args.yaml", "results.csv", "weights/last.pt", "weights/best.pt"],
      model: "weights/best.pt",
      modelFile: fileURLToPath(new URL("tiny-model.pt", recorded)),
      failedLog: "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n",
      close: () => rmSync(folder, { recursive: true }),
    };
  },
});

frameworkSuite({
  describe,
  it,
  name: "script",
  lacks: ["secrets", "hooks", "next-commands"],
  start() {
    const folder = mkdtempSync(join(tmpdir(), "ut-conformance-"));
    const code = join(write(join(folder, "code/train.py"), ""), "..");
    const model = fileURLToPath(new URL("tiny-model.pt", recorded));
    const command = "python train.py";
    const resumeCommand = "python train.py --resume {checkpoint}";
    write(join(folder, "data/b/c.csv"), "1");
    return {
      framework: script({
        ...{ command, code, artifact: "*.pt", metric: ["acc=(\\S+)", "loss"] },
        ...{ checkpoint: "last.pt", resumeCommand },
      }),
      unusual: [
        script({ command: "it's\n$HOME {data}", code, requirements: "none" }),
        script({ command, code, artifact: [], metric: [], pip: ["a b"], step: "(\\d+)", countFrom: 0 }),
        script({ command, code, best: "{output}/it's [b].pt", metric: "(?<x>.*)(?<y>.*)" }),
      ],
      commandLine: scriptCommandLine,
      data: { kind: "local", path: join(write(join(folder, "data/a.csv"), "2"), "..") },
      files: ["code/train.py", "data/a.csv", "data/b/c.csv"],
      brokenData: { kind: "local", path: join(folder, "missing") },
      log: "Epoch 1/3 acc=0.5\nEpoch 2/3 acc=0.6\nEpoch 3/3 acc=0.7\n",
      watched: {
        "/out/progress.jsonl": [1, 2, 3].map((epoch) => `{"epoch":${epoch},"loss":0.1}\n`).join(""),
      },
      epochs: 3,
      outputs: ["log.txt", "last.pt", "best.pt"],
      model: "best.pt",
      modelFile: model,
      saved: [{ path: "last.pt", localPath: model, sizeBytes: 1, sha256: "0".repeat(64), role: "extra" }],
      failedLog: "ModuleNotFoundError: No module named 'timm'\n",
      close: () => rmSync(folder, { recursive: true }),
    };
  },
});

frameworkSuite({
  describe,
  it,
  name: "memory",
  lacks: [
    ...(["secrets", "broken-data", "failure", "watched-files", "shown-metrics", "resume", "hooks"] as const),
    ...(["next-commands", "command-line", "unusual-options"] as const),
  ],
  start() {
    const folder = mkdtempSync(join(tmpdir(), "ut-conformance-"));
    const cloud = memoryCloud(virtualClock());
    return {
      framework: memoryFramework(cloud),
      data: { kind: "none" },
      files: ["a.txt", "b/c.txt"],
      log: cloud.training.log,
      epochs: 5,
      outputs: Object.keys(cloud.training.leaves).reverse(),
      model: "weights/best.model",
      modelFile: write(join(folder, "best.model"), cloud.training.leaves["weights/best.model"] ?? ""),
      close: () => rmSync(folder, { recursive: true }),
    };
  },
});
