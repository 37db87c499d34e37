import { describe, expect, it } from "vitest";
import { joinText } from "./line.ts";
import { renderTable } from "./table.ts";

const columns = [
  { head: "RUN", align: "left" },
  { head: "EPOCH", align: "right" },
  { head: "JOB", align: "left", givesWay: 2 },
  { head: "ON", align: "left", givesWay: 1 },
] as const;
const rows = [
  { cells: ["swift-otter", "17/50", "detect yolo11n.pt", "here"] },
  { cells: ["日本", "1/1", "x", "there"] },
];

describe("a table", () => {
  it("aligns its columns, even with wide letters", () => {
    expect(renderTable(columns, rows, 80).map(joinText)).toEqual([
      "RUN          EPOCH  JOB                ON",
      "swift-otter  17/50  detect yolo11n.pt  here",
      "日本           1/1  x                  there",
    ]);
  });

  it("removes columns that do not fit, the least important first", () => {
    expect(renderTable(columns, rows, 30).map(joinText)[0]).toBe("RUN          EPOCH  ON");
    expect(renderTable(columns, rows, 10).map(joinText)[0]).toBe("RUN          EPOCH");
  });

  it("truncates texts before it removes a column", () => {
    const columns = [
      { head: "A", align: "left" },
      { head: "B", align: "left", givesWay: 1, shrinksTo: 6 },
    ] as const;
    const rows = [{ cells: ["aaaa", "a long remark"] }];
    expect(renderTable(columns, rows, 16).map(joinText)).toEqual(["A     B", "aaaa  a long re…"]);
    expect(renderTable(columns, rows, 12).map(joinText)).toEqual(["A     B", "aaaa  a lon…"]);
    expect(renderTable(columns, rows, 11).map(joinText)).toEqual(["A", "aaaa"]);
  });
});
