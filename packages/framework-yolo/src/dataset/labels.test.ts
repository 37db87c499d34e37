import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DatasetReport, groupFindings } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { checkFully, checkSet } from "../../test/check-set.ts";
import { createTemporaryFolder, listEntries, write } from "../../test/drawn-set.ts";
import { drawSetFor } from "../../test/task-set.ts";
import type { RowTask } from "./row-shapes.ts";

const good = (task: RowTask) => drawSetFor(task, join(createTemporaryFolder(), "set"), { train: 4, val: 2 });

/** Replaces every label of train. */
function relabel(folder: string, text: string): void {
  for (const name of readdirSync(join(folder, "labels/train")))
    writeFileSync(join(folder, "labels/train", name), text);
}

async function shippedLabel(
  report: Pick<DatasetReport, "manifest">,
  path: string,
): Promise<string | undefined> {
  const from = (await listEntries(report.manifest)).find((entry) => entry.path === path)?.from;
  return from !== undefined && "bytes" in from ? new TextDecoder().decode(from.bytes) : undefined;
}

const square = "0.2 0.2 0.8 0.2 0.8 0.8 0.2 0.8";

describe("a line that the task cannot use", () => {
  it.each([
    ["segment", "0 0.5 0.5 0.2 0.2", "This line has 5 columns; an outline has 7 or more, an odd number"],
    ["segment", `0 ${square} 0.5`, "This line has 10 columns; an outline has 7 or more"],
    ["segment", "0 0.5 1.7 0.2 0.2 0.4 0.4", "1.7 is outside of 0 to 1."],
    ["segment", `2 ${square}`, "There is no class 2"],
    ["segment", "0 0.5 nan 0.2 0.2 0.4 0.4", '"nan" is not a number.'],
    [
      "obb",
      "0 0.5 0.5 0.2 0.2",
      "This line has 5 columns; a turned box has 9: class x1 y1 x2 y2 x3 y3 x4 y4. It is a plain box.",
    ],
    ["obb", "0 0.5 0.5 0.2 0.2 0.7", "A box with an angle must be written as its four corners."],
    ["obb", "0 0.5 0.5 0.2 0.2 0.7 0.9", "This line has 7 columns; a turned box has 9"],
    ["obb", "937 913 921 912 923 874 940 875 small-vehicle 0", "DOTA's own labels must be converted first."],
    ["obb", "0 20 20 80 20 80 80 20 80", "It looks like pixels"],
    ["pose", "0 0.5 0.5 0.2 0.2", "This line has 5 columns; kpt_shape [3,3] asks for 14"],
    ["pose", `0 ${square}`, "This line has 9 columns; kpt_shape [3,3] asks for 14"],
    ["pose", "0 0.5 0.5 0.2 0.2 0.5 0.5 2 1.5 0.5 2 0 0 0", "1.5 is outside of 0 to 1."],
    [
      "pose",
      "0 0.5 0.5 0.2 0.2 0.5 0.5 2 -1 -1 0 0 0 0",
      "-1 is outside of 0 to 1. A point that is not there is 0 0 0.",
    ],
    [
      "pose",
      "0 0.5 0.5 0.2 0.2 0.5 0.5 -1 0.5 0.5 2 0 0 0",
      "A point is visible (2), hidden (1) or not there (0).",
    ],
    ["pose", "0 40 0.5 0.2 0 0.5 0.5 2 0.5 0.5 2 0 0 0", "It looks like pixels"],
    ["pose", "0 0.5 0.5 0.2 0.2 0.5 0.5 2 0.5 inf 2 0 0 0", '"inf" is not a number.'],
    ["detect", "0 0.5 0.5 0.2 0.2 0.9", "A sixth column, such as a confidence, must go."],
  ] as const)("is reported with file and line: %s, %s", async (task, line, message) => {
    const folder = good(task);
    const file = join(folder, "labels/train/1.txt");
    appendFileSync(file, "\n");
    const rows = (await checkSet(folder, { task })).classes?.[0];
    expect(rows).toBeDefined();
    appendFileSync(file, `${line}\n`);
    const { findings } = await checkSet(folder, { task });
    expect(findings).toMatchObject([
      { severity: "error", file, line: expect.any(Number), message: expect.stringContaining(message) },
    ]);
  });
});

describe("a line that YOLO may misread", () => {
  it.each([
    ["segment", "0 0.5 0.5 1.04 0.2 0.7 0.7", "1.04 is outside of 0 to 1; YOLO cuts the outline off there."],
    ["segment", "0 0.5 0.5 0.5 0.2 0.5 0.7", "This object has a width or height of 0."],
    ["obb", "0 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5", "This object has a width or height of 0."],
    ["obb", `0 ${square} 0.1 0.5`, "1 labels have more than four corners"],
    ["pose", "0 0.5 0.5 0.2 0.2 0.5 0.5 0.93 0.5 0.5 2 0 0 0", "0.93 is not a valid visibility."],
    ["pose", "0 0.5 0.5 0 0.2 0.5 0.5 2 0.5 0.5 2 0 0 0", "This object has a width or height of 0."],
    ["detect", "0 0.5 0.5 0.2 0.2\n0 .5 0.50 0.2 0.2", "This object appears twice; YOLO uses it once."],
    ["segment", `0 ${square}\n0 ${square}`, "This object appears twice; YOLO uses it once."],
  ] as const)("causes a warning: %s, %s", async (task, lines, message) => {
    const folder = good(task);
    appendFileSync(join(folder, "labels/train/1.txt"), `${lines}\n`);
    expect((await checkSet(folder, { task })).findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining(message) },
    ]);
  });

  it("can have a key point at 0 0 without a third number", async () => {
    const folder = good("pose");
    const yaml = "train: images/train\nval: images/val\nnames: [circle, square]\nkpt_shape: [2, 2]\n";
    write(join(folder, "data.yaml"), yaml);
    for (const split of ["train", "val"])
      for (const name of readdirSync(join(folder, "labels", split)))
        write(join(folder, "labels", split, name), "0 0.5 0.5 0.2 0.2 0.4 0.4 0.6 0.6\n");
    expect((await checkSet(folder, { task: "pose" })).findings).toEqual([]);
    appendFileSync(join(folder, "labels/train/1.txt"), "0 0.4 0.5 0.2 0.2 0.4 0.4 0 0\n");
    expect((await checkSet(folder, { task: "pose" })).findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("is learned as the upper left corner") },
    ]);
  });
});

describe("a whole dataset", () => {
  it.each([
    [
      "segment",
      "0 0.5 0.5 0.2 0.2\n",
      "are plain boxes, which segment cannot learn from: choose a model for detect.",
    ],
    [
      "pose",
      "0 0.5 0.5 0.2 0.2\n",
      "are plain boxes, which pose cannot learn from: choose a model for detect.",
    ],
    [
      "obb",
      "0 0.5 0.5 0.2 0.2\n",
      "are plain boxes, which obb cannot learn from: choose a model for detect.",
    ],
  ] as const)("of boxes is reported as one mistake for %s", async (task, text, message) => {
    const folder = good(task);
    relabel(folder, text);
    for (const name of readdirSync(join(folder, "labels/val"))) write(join(folder, "labels/val", name), text);
    expect((await checkSet(folder, { task })).findings).toMatchObject([
      { severity: "error", message: `All 6 labels ${message}` },
    ]);
  });

  it("of rows with key points is reported as one mistake for segment", async () => {
    const folder = good("pose");
    const { findings } = await checkSet(folder, { task: "segment" });
    expect(findings).toMatchObject([
      { severity: "error", message: expect.stringContaining("choose a model for pose.") },
    ]);
  });

  it.each(["detect", "segment", "obb", "pose"] as const)(
    "with 1-based ids is reported as one mistake: %s",
    async (task) => {
      const folder = good(task);
      for (const split of ["train", "val"])
        for (const name of readdirSync(join(folder, "labels", split))) {
          const rest = {
            detect: "0.5 0.5 0.2 0.2",
            segment: square,
            obb: square,
            pose: "0.5 0.5 0.2 0.2 0.5 0.5 2 0.5 0.5 2 0 0 0",
          }[task];
          write(join(folder, "labels", split, name), `1 ${rest}\n2 ${rest}\n`);
        }
      expect((await checkSet(folder, { task })).findings).toMatchObject([
        {
          severity: "error",
          line: 2,
          message:
            "The class ids of the set go from 1 to 2: they count from 1, but YOLO counts from 0 and data.yaml names 0 to 1. Take 1 off each id.",
        },
      ]);
    },
  );

  it("without a visible key point is reported", async () => {
    const folder = good("pose");
    for (const split of ["train", "val"])
      for (const name of readdirSync(join(folder, "labels", split)))
        write(join(folder, "labels", split, name), "0 0.5 0.5 0.2 0.2 0 0 0 0 0 0 0 0 0\n");
    expect((await checkSet(folder, { task: "pose" })).findings).toMatchObject([
      { severity: "error", message: expect.stringContaining("No key point of the dataset is visible") },
    ]);
  });

  it("with ten thousand equal mistakes yields a finding for each, grouped into one with examples", async () => {
    const folder = good("segment");
    const rows = Array.from({ length: 10_000 }, (_, row) => `9 ${square} 0.3 0.${row + 10_000}\n`);
    write(join(folder, "labels/train/0.txt"), rows.join(""));
    const { findings } = await checkFully(folder, { task: "segment" });
    expect(findings.filter(({ kind }) => kind === "class ids")).toHaveLength(10_000);
    expect(groupFindings(findings)).toMatchObject([
      {
        kind: "class ids",
        severity: "error",
        files: 1,
        rows: 10_000,
        examples: [{ line: 1 }, { line: 2 }, { line: 3 }],
      },
      { kind: "images left out", severity: "error" },
    ]);
  });
});

describe("corners of rotated boxes", () => {
  it("can lie outside the image, as for objects at its border", async () => {
    const folder = good("obb");
    appendFileSync(join(folder, "labels/train/1.txt"), "0 0.78 0.69 0.63 0.45 0.89 0.27 1.042 0.51\n");
    expect((await checkSet(folder, { task: "obb" })).findings).toEqual([]);
  });
});

describe("a shipped label", () => {
  it.each([
    ["detect", "\uFEFF0 0.5 0.5 0.2 0.2\r\n", "0 0.5 0.5 0.2 0.2\n"],
    ["detect", "0 0.5 0.5 0.2 0.2\n \t\n1 0.5 0.5 0.2 0.2", "0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2\n"],
    ["detect", "0 1.004 0.5 0.2 0.2\n0 -0.001 0.5 0.2 0.2\n", "0 1 0.5 0.2 0.2\n0 0 0.5 0.2 0.2\n"],
    ["segment", "0 0.1 0.1 1.005 0.1 0.5 -0.005\n", undefined],
    ["pose", "0 0.5 0.5 0.2 0.2 1.003 0.5 2 0 0 0 0 0 0\n", "0 0.5 0.5 0.2 0.2 1 0.5 2 0 0 0 0 0 0\n"],
    ["obb", "0 0.5 0.5 1.005 0.5 1.005 0.9 0.5 0.9\n", undefined],
    ["detect", "0.0\t0.5 0.5 0.2 0.2\r\n\r\n", undefined],
  ] as const)(
    "has the form that every version of Ultralytics accepts: %s, %j",
    async (task, text, shipped) => {
      const folder = good(task);
      write(join(folder, "labels/train/1.txt"), text);
      const report = await checkSet(folder, { task });
      expect(report.findings).toEqual([]);
      expect(await shippedLabel(report, "labels/train/1.txt")).toBe(shipped);
    },
  );

  it("contains only boxes when detection uses a dataset with key points", async () => {
    const report = await checkSet(good("pose"), { task: "detect" });
    expect(report.findings).toMatchObject([
      {
        severity: "warning",
        message: expect.stringContaining("labels have key points; detection takes their boxes only."),
      },
    ]);
    const rows = ((await shippedLabel(report, "labels/train/0.txt")) ?? "").trim().split("\n");
    expect(rows.every((row) => row.split(" ").length === 5)).toBe(true);
  });

  it("is split into lines and columns as Python does it", async () => {
    const folder = good("detect");
    const [row, differing] = ["0 0.5 0.5 0.2 0.2", "1 0.5 0.5 0.2 0.2"];
    write(join(folder, "labels/train/0.txt"), `${row}\x1c${differing}\x85${row.replaceAll(" ", "\x1f")}1\n`);
    expect((await checkSet(folder)).findings).toEqual([]);
  });

  it("is refused when it is not UTF-8, because YOLO would drop its image", async () => {
    const folder = good("detect");
    for (const bytes of [
      Buffer.from("\uFEFF0 0.5 0.5 0.2 0.2\n", "utf16le"),
      Buffer.from([0x30, 0xe9, 0x0a]),
    ]) {
      const file = write(join(folder, "labels/train/1.txt"), bytes);
      expect((await checkSet(folder)).findings).toMatchObject([
        { severity: "error", file, message: expect.stringContaining("not UTF-8 text") },
      ]);
    }
  });
});

describe("key points in data.yaml", () => {
  const yaml = "train: images/train\nval: images/val\nnames: [circle, square]\n";
  it.each([
    ["no kpt_shape", "", "kpt_shape is missing"],
    ["half a kpt_shape", "kpt_shape: [3]\n", "but each point has 2 numbers"],
    ["a kpt_shape of four numbers a point", "kpt_shape: [3, 4]\n", "but each point has 2 numbers"],
    ["a kpt_shape of no points", "kpt_shape: [0, 3]\n", "but must be [points, 2] or [points, 3]"],
    ["a kpt_shape that is not a list", "kpt_shape: 3\n", "but must be [points, 2] or [points, 3]"],
    [
      "a flip_idx that is too short",
      "kpt_shape: [3, 3]\nflip_idx: [0, 1]\n",
      "flip_idx has 2 entries, but kpt_shape says 3",
    ],
    [
      "a flip_idx of points that are none",
      "kpt_shape: [3, 3]\nflip_idx: [1, 2, 3]\n",
      "flip_idx must hold the numbers 0 to 2.",
    ],
    ["a flip_idx that is not a list", "kpt_shape: [3, 3]\nflip_idx: 3\n", "flip_idx is not a list."],
  ])("are reported: %s", async (_what, more, message) => {
    const folder = good("pose");
    const file = write(join(folder, "data.yaml"), yaml + more);
    const found = (await checkSet(folder, { task: "pose" })).findings.find((finding) =>
      finding.message.includes(message),
    );
    expect(found).toMatchObject({ severity: "error", file });
  });

  it("can omit flip_idx or leave it empty", async () => {
    const folder = good("pose");
    for (const more of ["", "flip_idx:\n", "flip_idx: []\n"]) {
      write(join(folder, "data.yaml"), `${yaml}kpt_shape: [3, 3]\n${more}`);
      expect((await checkSet(folder, { task: "pose" })).findings).toEqual([]);
    }
  });

  it("cause a warning when flip_idx is not its own inverse", async () => {
    const folder = good("pose");
    write(join(folder, "data.yaml"), `${yaml}kpt_shape: [3, 3]\nflip_idx: [1, 2, 0]\n`);
    expect((await checkSet(folder, { task: "pose" })).findings).toMatchObject([
      { severity: "warning", line: 5, message: expect.stringContaining("is not its own inverse") },
    ]);
  });
});
