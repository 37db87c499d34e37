import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkFully } from "../../test/check-set.ts";
import { createTemporaryFolder, drawSet } from "../../test/drawn-set.ts";

const good = () => drawSet(join(createTemporaryFolder(), "set"), { train: 8, val: 4 });

function relabel(folder: string, createRow: (n: number) => string): void {
  let n = 0;
  for (const split of ["train", "val"])
    for (const name of readdirSync(join(folder, "labels", split)))
      writeFileSync(join(folder, "labels", split, name), `${createRow(n++)}\n`);
}

describe("labels of a pose set for another task", () => {
  // Four points with visibility flags: 17 columns, which Ultralytics reads as an outline of eight corners.
  const withFlags = (n: number) => {
    const x = 0.3 + (n % 5) / 20;
    return `0 ${x} 0.5 0.2 0.4 ${x - 0.1} 0.3 1 ${x + 0.1} 0.3 1 ${x} 0.5 ${n % 2} ${x} 0.7 0`;
  };
  const withTwo = (n: number) => withFlags(n).replaceAll(" 1 ", " 2 ");
  const withoutFlags = (n: number) => {
    const x = 0.3 + (n % 5) / 20;
    return `0 ${x} 0.5 0.2 0.4 ${x - 0.09} 0.31 ${x + 0.09} 0.33 ${x} 0.68`;
  };

  it.each([
    ["detect", withFlags, "17 columns", "[4, 3]"],
    ["segment", withFlags, "17 columns", "[4, 3]"],
    ["detect", withTwo, "17 columns", "[4, 3]"],
    ["detect", withoutFlags, "11 columns", "[3, 2]"],
    ["obb", withoutFlags, "11 columns", "[3, 2]"],
  ] as const)("are refused as key points: %s", async (task, createRow, columns, shape) => {
    const folder = good();
    relabel(folder, createRow);
    const { findings } = await checkFully(folder, { task, skipBad: true });
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors).toMatchObject([{ kind: "labels of another task" }]);
    expect(errors[0]?.message).toContain(columns);
    expect(errors[0]?.message).toContain(`kpt_shape: ${shape}`);
    if (shape === "[4, 3]") expect(errors[0]?.message).toContain("visibility flag");
  });

  it.each([
    ["outlines of as many corners", (n: number) => `0 0.${2 + (n % 3)} 0.2 0.8 0.2 0.8 0.7 0.5 0.9 0.2 0.6`],
    ["turned boxes", (n: number) => `0 0.${3 + (n % 4)} 0.3 0.8 0.3 0.8 0.6 0.${3 + (n % 4)} 0.6`],
    ["boxes", () => "0 0.5 0.5 0.2 0.2"],
  ])("are not confused with %s", async (_what, createRow) => {
    const folder = good();
    relabel(folder, createRow);
    const { findings } = await checkFully(folder);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("rows of seven columns", () => {
  it("are triangles, whose boxes detection uses", async () => {
    const folder = good();
    relabel(folder, (n) => (n === 0 ? "0 0.1 0.1 0.4 0.1 0.25 0.35" : "1 0.5 0.5 0.2 0.2"));
    expect((await checkFully(folder)).findings).toMatchObject([{ kind: "outlines", severity: "warning" }]);
  });

  it("that end in whole numbers are reported as boxes with two extra columns", async () => {
    const folder = good();
    relabel(folder, (n) => `0 0.5 0.5 0.2 0.2 0.9 ${n % 2}`);
    expect((await checkFully(folder)).findings).toMatchObject([
      { kind: "rows of seven columns", severity: "error" },
    ]);
  });
});

describe("the classes option", () => {
  it.each([5, [0, 5]])("refuses unknown ids: %j", async (classes) => {
    await expect(checkFully(good(), { classes } as never)).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
  });

  it("refuses classes without objects", async () => {
    const folder = good();
    relabel(folder, () => "0 0.5 0.5 0.2 0.2");
    const errors = await checkFully(folder, { classes: [1] });
    expect(errors.findings).toMatchObject([
      { severity: "error", message: expect.stringContaining("classes asks for 1 (square)") },
    ]);
    expect((await checkFully(folder, { classes: [0, 1] })).findings).toMatchObject([{ severity: "warning" }]);
    expect((await checkFully(folder, { classes: [0] })).findings).toEqual([]);
  });
});

it("reads, counts and ships images once when val is train", async () => {
  const folder = good();
  writeFileSync(join(folder, "data.yaml"), "train: images/train\nval: images/train\nnames: [a, b]\n");
  writeFileSync(join(folder, "labels/train/0.txt"), "0 nan 0.5 0.5 0.5\n");
  const report = await checkFully(folder, { skipBad: true });
  expect(report.findings.map(({ kind }) => kind)).toEqual([
    "images of val in train",
    "numbers",
    "images left out",
  ]);
  const paths: string[] = [];
  for await (const batch of report.manifest.entries()) for (const { path } of batch) paths.push(path);
  expect(paths.filter((path) => path.startsWith("images/"))).toHaveLength(7);
  expect(report.summary).toBe("7 train + 7 val images, 2 classes, 1 left out");
});
