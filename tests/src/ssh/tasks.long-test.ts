import { existsSync } from "node:fs";
import { join } from "node:path";
import { createUnitrain } from "@unitrain/core";
import { yolo } from "@unitrain/framework-yolo";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";
import { expect, test } from "vitest";
import { drawSetFor } from "../../../packages/framework-yolo/test/task-set.ts";
import { yoloOverSsh } from "./yolo-harness.ts";

test.each([
  ["detect", "yolo11n.yaml", "mAP50-95"],
  ["segment", "yolo11n-seg.yaml", "mAP50-95(M)"],
  ["pose", "yolo11n-pose.yaml", "mAP50-95(P)"],
  ["obb", "yolo11n-obb.yaml", "mAP50-95"],
  ["classify", "yolo11n-cls.yaml", "accuracy_top1"],
] as const)(
  "a real %s training over ssh is checked, uploaded, trained and downloaded",
  { timeout: 240_000 },
  async (task, model, metric) => {
    const { folder, home, machine, sshOptions } = await yoloOverSsh();
    const data = drawSetFor(task, join(folder, "set"), { train: 16, val: 8 }, 64);
    const unitrain = createUnitrain({
      home,
      provider: sshMachine(machine),
      transport: ssh(sshOptions),
      framework: yolo({ task, model, epochs: 1, imgsz: 64, batch: 8, workers: 0, plots: false, amp: false }),
    });
    const plan = await unitrain.plan({ data, out: join(folder, "out") });
    expect(plan.findings).toEqual([]);
    const run = await unitrain.start(plan);
    const { outcome, receipt } = await run.result;
    expect(outcome).toBe("completed");
    expect(receipt.epochs).toEqual({ done: 1, total: 1 });
    expect(receipt.metrics).toHaveProperty(metric);
    expect(receipt.versions).toMatchObject({ ultralytics: "8.4.190", torch: expect.any(String) });
    expect(existsSync(join(folder, "out", "weights", "best.pt"))).toBe(true);
  },
);
