import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { frameworkSuite, memoryCloud, memoryFramework, virtualClock } from "@unitrain/conformance";
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
