import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet, listShippedPaths } from "../../test/check-set.ts";
import { createTemporaryFolder } from "../../test/drawn-set.ts";
import { drawSetFor } from "../../test/task-set.ts";

describe.each(["detect", "segment", "pose", "obb", "classify"] as const)("a valid dataset for %s", (task) => {
  it("passes without findings, and its classes are counted", async () => {
    const folder = drawSetFor(task, join(createTemporaryFolder(), "set"), { train: 6, val: 4 });
    const report = await checkSet(folder, { task });
    expect(report.findings).toEqual([]);
    expect(report.summary).toBe("6 train + 4 val images, 2 classes");
    expect(report.classes).toEqual([
      { name: "circle", train: expect.any(Number), val: expect.any(Number) },
      { name: "square", train: expect.any(Number), val: expect.any(Number) },
    ]);
    expect(report.classes?.every(({ train, val }) => train > 0 && val > 0)).toBe(true);
    const paths = await listShippedPaths(report);
    expect(paths).toHaveLength(task === "classify" ? 10 : 21);
    expect(paths.some((path) => path.startsWith(task === "classify" ? "train/circle/" : "labels/val/"))).toBe(
      true,
    );
  });
});
