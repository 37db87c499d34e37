import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { groupFindings } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { checkFully, checkSet, listShippedPaths } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, listEntries, write } from "../../test/drawn-set.ts";

const good = () => drawSet(createTemporaryFolder(), { train: 4, val: 2 });

describe("the check of labels", () => {
  it.each([
    [
      "a class that is not named",
      "2 0.5 0.5 0.1 0.1",
      "There is no class 2: data.yaml names the classes 0 to 1. Ids begin at 0.",
    ],
    ["a negative class", "-1 0.5 0.5 0.1 0.1", "There is no class -1"],
    ["a class that is not a whole number", "0.5 0.5 0.5 0.1 0.1", "is not a whole number"],
    ["a coordinate beyond 1", "0 0.5 1.2 0.1 0.1", "1.2 is outside of 0 to 1."],
    ["a negative coordinate", "0 0.5 0.5 0.1 -0.1", "-0.1 is outside of 0 to 1."],
    ["pixels", "0 120 80 40 30", "It looks like pixels"],
    ["too few columns", "0 0.5 0.5 0.1", "This line has 4 columns; a box has 5"],
    ["six columns", "0 0.5 0.5 0.1 0.1 0.9", "This line has 6 columns"],
    ["seven columns", "0 0.5 0.5 0.1 0.1 0.9 3", "3 is outside of 0 to 1."],
    [
      "commas",
      "0,0.5,0.5,0.1,0.1",
      "This line has 1 column; a box has 5: class x y width height. Separate the columns by spaces.",
    ],
    ["words", "circle 0.5 0.5 0.1 0.1", '"circle" is not a number.'],
    ["not a number", "0 0.5 nan 0.1 0.1", '"nan" is not a number.'],
    ["hexadecimal", "0 0x1 0.5 0.1 0.1", '"0x1" is not a number.'],
  ])("reports file and line of %s", async (_what, line, message) => {
    const folder = good();
    const file = write(join(folder, "labels/train/2.txt"), `0 0.5 0.5 0.2 0.2\n\n${line}\n`);
    const { findings } = await checkSet(folder);
    expect(findings).toContainEqual({
      severity: "error",
      file,
      line: 3,
      message: expect.stringContaining(message),
    });
  });

  it("accepts any class id with single_cls", async () => {
    const folder = good();
    write(join(folder, "labels/train/2.txt"), "7 0.5 0.5 0.2 0.2\n");
    expect((await checkSet(folder, { single_cls: true })).findings).toEqual([]);
  });

  it("warns about a box without width", async () => {
    const folder = good();
    const file = write(join(folder, "labels/train/2.txt"), "0 0.5 0.5 0 0.2\n");
    expect((await checkSet(folder)).findings).toEqual([
      { severity: "warning", file, line: 1, message: "This object has a width or height of 0." },
    ]);
  });

  it("distinguishes outlines from boxes: warns once about a dataset of outlines, and converts a file that mixes both", async () => {
    const folder = good();
    const outline = "0 0.1 0.1 0.9 0.1 0.9 0.9 0.1 0.9\n1 0.1 0.1 0.9 0.1 0.5 0.9\n";
    for (const name of readdirSync(join(folder, "labels/train")))
      write(join(folder, "labels/train", name), outline);
    const { findings } = await checkSet(folder);
    expect(findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("8 labels are outlines") },
    ]);
    appendFileSync(join(folder, "labels/train/0.txt"), "0 0.5 0.5 0.1 0.1\n");
    const report = await checkSet(folder);
    expect(report.findings[1]).toMatchObject({
      severity: "warning",
      message: expect.stringContaining("1 label file mixes boxes (5 columns) with outlines"),
    });
    const shipped = (await listEntries(report.manifest)).find(({ path }) => path === "labels/train/0.txt");
    expect(
      shipped !== undefined && "bytes" in shipped.from && new TextDecoder().decode(shipped.from.bytes),
    ).toBe("0 0.5 0.5 0.8 0.8\n1 0.5 0.5 0.8 0.8\n0 0.5 0.5 0.1 0.1\n");
    expect(readFileSync(join(folder, "labels/train/0.txt"), "utf8")).toContain(outline);
  });

  it("takes the boxes of a dataset with key points, and warns once", async () => {
    const folder = good();
    appendFileSync(join(folder, "data.yaml"), "kpt_shape: [2, 3]\n");
    const rows = "0 0.5 0.5 0.2 0.2 0.4 0.4 2 0.6 0.6 2\n1 0.5 0.5 0.2 0.2 0.4 0.4 2 0.6 0.6 2\n";
    for (const name of readdirSync(join(folder, "labels/train")))
      write(join(folder, "labels/train", name), rows);
    const { findings } = await checkSet(folder);
    expect(findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("8 labels have key points") },
    ]);
  });

  it("shows three of a thousand equal mistakes, and counts the others", async () => {
    const folder = good();
    const rows = Array.from({ length: 1000 }, (_, row) => `5 0.5 0.5 0.2 ${(row + 1) / 2000}\n`);
    write(join(folder, "labels/train/2.txt"), rows.join(""));
    const { findings } = await checkFully(folder);
    const [group] = groupFindings(findings);
    expect(group).toMatchObject({ kind: "class ids", files: 1, rows: 1000, count: 1000 });
    expect(group?.examples).toHaveLength(3);
  });

  it("reports that all labels are missing, with the folder where they are expected", async () => {
    const folder = good();
    renameSync(join(folder, "labels"), join(folder, "Labels"));
    const messages = (await checkSet(folder)).findings.map((finding) => finding.message);
    expect(messages[0]).toContain(
      `train has no labels at all; for the first image it would be ${join(folder, "labels/train/0.txt")}`,
    );
    expect(messages[1]).toContain("val has no labels at all");
  });

  it("reports that all labels of a split are empty", async () => {
    const folder = good();
    const empty = (split: string) => {
      for (const name of readdirSync(join(folder, "labels", split)))
        truncateSync(join(folder, "labels", split, name));
    };
    empty("val");
    expect((await checkSet(folder)).findings).toMatchObject([
      { severity: "warning", line: 2, message: expect.stringContaining("val has only backgrounds") },
    ]);
    empty("train");
    expect((await checkSet(folder)).findings[0]).toMatchObject({
      severity: "error",
      line: 1,
      message: "All labels of train are empty: there is nothing to learn.",
    });
  });

  it("warns that most images have no label", async () => {
    const folder = good();
    for (const name of ["0", "1", "2"]) rmSync(join(folder, `labels/train/${name}.txt`));
    expect((await checkSet(folder)).findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("3 of 4 images of train have no label") },
    ]);
  });

  it.each([
    ["0.TXT", "case"],
    ["0.png.txt", "a suffix too many"],
  ])("reports a label named %s: %s", async (name) => {
    const folder = good();
    renameSync(join(folder, "labels/train/0.txt"), join(folder, "labels/train", name));
    expect((await checkSet(folder)).findings).toMatchObject([
      {
        severity: "error",
        file: join(folder, "labels/train", name),
        message: expect.stringContaining("is spelled differently"),
      },
    ]);
  });

  it("reports that image and label encode an accent differently", async () => {
    const folder = good();
    const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"];
    renameSync(join(folder, "images/train/0.png"), join(folder, `images/train/${composed}.png`));
    renameSync(join(folder, "labels/train/0.txt"), join(folder, `labels/train/${decomposed}.txt`));
    expect((await checkSet(folder)).findings).toMatchObject([
      { severity: "error", message: expect.stringContaining("is spelled differently") },
    ]);
  });

  it("warns about a label without an image", async () => {
    const folder = good();
    rmSync(join(folder, "images/train/3.png"));
    expect((await checkSet(folder)).findings).toEqual([
      {
        severity: "warning",
        file: join(folder, "labels/train/3.txt"),
        message: "This label has no image.",
      },
    ]);
  });

  it("warns about two images with one label, and ships the label once", async () => {
    const folder = good();
    write(
      join(folder, "images/train/0.bmp"),
      readFileSync(new URL("../../test/images/plain.bmp", import.meta.url)),
    );
    const report = await checkSet(folder);
    expect(report.findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("Has the same label as") },
    ]);
    const paths = await listShippedPaths(report);
    expect(new Set(paths).size).toBe(paths.length);
  });
});

describe("the check of images", () => {
  it.each([
    ["empty", Buffer.alloc(0), "This file is empty."],
    ["truncated", createPlainPng().subarray(0, 80), "This image is truncated"],
    ["a web page", "<!DOCTYPE html><html>404</html>", "This is a web page"],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00", "git lfs pull"],
    ["too small", createPlainPng(9, 40), "9x40 pixels"],
    ["text", "hello", "This is not an image that YOLO reads."],
  ])("reports an image that is %s", async (_what, content, message) => {
    const folder = good();
    const file = write(join(folder, "images/train/1.png"), content);
    expect((await checkSet(folder)).findings).toEqual([
      { severity: "error", file, message: expect.stringContaining(message) },
    ]);
  });

  it("warns about a format that YOLO ignores", async () => {
    const folder = good();
    const file = write(join(folder, "images/train/x.gif"), "GIF89a");
    expect((await checkSet(folder)).findings).toMatchObject([{ severity: "warning", file }]);
  });

  it("reports that there are no images", async () => {
    const folder = good();
    rmSync(join(folder, "images/val"), { recursive: true });
    write(join(folder, "images/val/readme.md"), "");
    const [first] = (await checkSet(folder)).findings;
    expect(first).toMatchObject({
      severity: "error",
      line: 2,
      message: expect.stringContaining("val has no images"),
    });
  });
});
