import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examplePlan } from "../../../test/event-script.ts";
import { scratchFolders } from "../../../test/scratch.ts";
import { createPathTranslator } from "./path-translator.ts";

const scratch = scratchFolders();
const id = examplePlan.runId;
const remote = `/home/ubuntu/.unitrain/1/runs/${id}`;

function shownIn(folder: string) {
  mkdirSync(join(folder, "shapes", "images", "train"), { recursive: true });
  writeFileSync(join(folder, "shapes", "images", "train", "1.jpg"), "");
  const run = {
    id,
    paths: { folder: "/state", log: "/state/log", out: join(folder, "runs", "detect", "otter") },
    plan: { ...examplePlan, source: { kind: "local" as const, path: join(folder, "shapes") } },
  };
  return createPathTranslator(run, folder);
}

describe("createPathTranslator", () => {
  it.each([
    [`Results saved to ${remote}/attempt-1/out`, "Results saved to runs/detect/otter"],
    [
      `Optimizer stripped from ${remote}/attempt-2/out/weights/last.pt, 5.5MB`,
      "Optimizer stripped from runs/detect/otter/weights/last.pt, 5.5MB",
    ],
    [`save_dir=${remote}/attempt-1/out, workers=2`, "save_dir=runs/detect/otter, workers=2"],
    [`train: ${remote}/data/images/train/1.jpg: fine`, "train: shapes/images/train/1.jpg: fine"],
    [`Plotting to ${remote}/attempt-1/out/labels.jpg...`, "Plotting to runs/detect/otter/labels.jpg..."],
  ])("translates %s to the local path", (line, shown) => {
    expect(shownIn(scratch())(line)).toBe(shown);
  });

  it.each([
    `cache of ${remote}/data/labels/train.cache`,
    `scratch ${remote}/attempt-1/scratch/x`,
    "/home/ubuntu/.unitrain/1/runs/another-run/attempt-1/out",
    "nothing of the kind",
  ])("does not change %s, which has no local counterpart", (line) => {
    expect(shownIn(scratch())(line)).toBe(line);
  });
});
