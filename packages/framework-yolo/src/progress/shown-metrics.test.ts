import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tasks } from "../options/tasks.ts";
import { readResults } from "./results-csv.ts";
import { listShownMetrics } from "./shown-metrics.ts";

const lastEpoch = (name: string) => {
  const file = new URL(`../../test/ultralytics-8.4.190${name}.results.csv`, import.meta.url);
  return readResults(readFileSync(file, "utf8"), undefined).at(-1)?.metrics ?? {};
};

describe("the columns of an epoch", () => {
  it.each(tasks.map((task) => [task, task === "detect" ? "" : `-${task}`] as const))(
    "of %s contain every loss and score that Ultralytics writes, and the deciding score",
    (task, file) => {
      const metrics = lastEpoch(file);
      const { columns, deciding } = listShownMetrics(task);
      const keys = columns.map(({ key }) => key);
      const written = Object.keys(metrics).filter((key) => !/^(val_|lr)/.test(key));
      expect(keys).toEqual(expect.arrayContaining(written));
      expect(written.length).toBeGreaterThan(2);
      expect(written).toContain(deciding?.key);
    },
  );

  it("are ordered by losses, details and scores, with the deciding score last", () => {
    const present = listShownMetrics("segment").columns.filter(({ key }) => key in lastEpoch("-segment"));
    expect(present.map(({ label }) => label).join(" ")).toBe(
      "box seg cls dfl sem P R P(M) R(M) mAP50 mAP50(M) mAP50-95 mAP50-95(M)",
    );
  });
});
