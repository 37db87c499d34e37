import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet, listShippedPaths } from "../../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, write } from "../../../test/drawn-set.ts";
import { drawSetFor } from "../../../test/task-set.ts";

const task = "classify";
const good = () => drawSetFor(task, join(createTemporaryFolder(), "set"), { train: 6, val: 4 });
const listFindings = async (folder: string) => (await checkSet(folder, { task })).findings;

describe("a classification folder", () => {
  it("is shipped as train and val, with a folder for each class", async () => {
    const report = await checkSet(good(), { task });
    expect(await listShippedPaths(report)).toEqual([
      ...["train/circle/0.png", "train/circle/2.png", "train/circle/4.png"],
      ...["train/square/1.png", "train/square/3.png", "train/square/5.png"],
      ...["val/circle/0.png", "val/circle/2.png", "val/square/1.png", "val/square/3.png"],
    ]);
    expect(report.classes).toEqual([
      { name: "circle", train: 3, val: 2 },
      { name: "square", train: 3, val: 2 },
    ]);
  });

  it.each(["validation", "valid"])("may use %s as the name of val", async (name) => {
    const folder = good();
    renameSync(join(folder, "val"), join(folder, name));
    const report = await checkSet(folder, { task });
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toContain("val/circle/0.png");
  });

  it("without val is validated on its test images, with a warning", async () => {
    const folder = good();
    renameSync(join(folder, "val"), join(folder, "test"));
    const report = await checkSet(folder, { task });
    expect(report.findings).toMatchObject([
      { severity: "warning", message: "There is no val folder: test is used for validation." },
    ]);
    expect(await listShippedPaths(report)).toContain("val/circle/0.png");
  });

  it("is shipped with its test images only when they are used for validation", async () => {
    const folder = good();
    write(join(folder, "test/circle/9.png"), createPlainPng());
    write(join(folder, "test/square/8.png"), createPlainPng(40));
    expect(await listShippedPaths(await checkSet(folder, { task }))).not.toContain("test/circle/9.png");
    const report = await checkSet(folder, { task, split: "test" });
    expect(report.summary).toBe("6 train + 4 val + 2 test images, 2 classes");
    expect(await listShippedPaths(report)).toContain("test/circle/9.png");
  });

  it("may contain folders, links and unusual names below a class", async () => {
    const folder = good();
    const elsewhere = write(join(createTemporaryFolder(), "x.png"), createPlainPng(33));
    write(join(folder, "train/circle/deep/er/'a\nb'.png"), createPlainPng(34));
    symlinkSync(elsewhere, join(folder, "train/square/-rf $(id).png"));
    const report = await checkSet(folder, { task });
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toEqual(
      expect.arrayContaining(["train/circle/deep/er/'a\nb'.png", "train/square/-rf $(id).png"]),
    );
  });

  it("is shipped without files of operating systems and tools", async () => {
    const folder = good();
    write(join(folder, "train/circle/._0.png"), "\0\x05\x16\x07");
    write(join(folder, "train/circle/.DS_Store"), "");
    write(join(folder, "train/circle/0.npy"), "an array");
    write(join(folder, "train.cache"), "a pickle");
    write(join(folder, "train/__MACOSX/circle/._0.png"), "\0\x05\x16\x07");
    mkdirSync(join(folder, "train/.ipynb_checkpoints"));
    const report = await checkSet(folder, { task });
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toHaveLength(10);
  });
});

describe("a folder of classes without train and val", () => {
  const unsplit = () => {
    const folder = good();
    rmSync(join(folder, "val"), { recursive: true });
    for (const name of readdirSync(join(folder, "train")))
      renameSync(join(folder, "train", name), join(folder, name));
    rmSync(join(folder, "train"), { recursive: true });
    return folder;
  };

  it("is split reproducibly by the paths of its images, with a warning", async () => {
    const folder = unsplit();
    const report = await checkSet(folder, { task });
    expect(report.findings).toEqual([
      {
        severity: "warning",
        file: folder,
        message: "There are no train and val folders: one image in 5 of each class is kept for validation.",
      },
    ]);
    expect(report.summary).toBe("4 train + 2 val images, 2 classes");
    expect(await listShippedPaths(await checkSet(folder, { task }))).toEqual(await listShippedPaths(report));
    expect(readdirSync(folder).sort()).toEqual(["circle", "square"]);
  });

  it("keeps each image in its split when other images change", async () => {
    const folder = unsplit();
    for (let index = 0; index < 40; index++)
      write(join(folder, `circle/more-${index}.png`), createPlainPng(20 + index));
    const before = new Set(await listShippedPaths(await checkSet(folder, { task })));
    rmSync(join(folder, "circle/more-7.png"));
    const after = await listShippedPaths(await checkSet(folder, { task }));
    expect(after.filter((path) => !before.has(path)).length).toBeLessThanOrEqual(1);
  });
});

describe("the check of a classification folder", () => {
  it("reports a class of val that train does not have", async () => {
    const folder = good();
    renameSync(join(folder, "val/square"), join(folder, "val/sqaure"));
    expect(await listFindings(folder)).toMatchObject([
      {
        severity: "error",
        file: join(folder, "val/sqaure"),
        message: "train has no class sqaure: YOLO would drop these images.",
      },
      {
        severity: "warning",
        message: "The class square has no images in val: there is nothing to measure it by.",
      },
    ]);
  });

  it("warns about a class without images, and keeps its id", async () => {
    const folder = good();
    mkdirSync(join(folder, "train/arc"));
    const report = await checkSet(folder, { task });
    expect(report.findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      "warning: The class arc has no images in train: there is nothing to learn it by.",
      "warning: The class arc has no images in val: there is nothing to measure it by.",
    ]);
    expect(await listShippedPaths(report)).toEqual(
      expect.arrayContaining(["train/arc/.keep", "val/arc/.keep"]),
    );
    expect(report.classes?.[0]).toEqual({ name: "arc", train: 0, val: 0 });
  });

  it.each([
    [
      "an image in no class",
      "train/x.png",
      createPlainPng(),
      "Is skipped, because it is not in a class folder.",
    ],
    ["a hidden image", "train/circle/.x.png", createPlainPng(), "This hidden image is skipped."],
    [
      "a hidden folder",
      "train/.trash/x.png",
      createPlainPng(),
      "YOLO would read this hidden folder as a class",
    ],
    ["a kind that is not looked at", "train/circle/x.jfif", "", "YOLO ignores .jfif files"],
    ["an image without a suffix", "train/circle/x", createPlainPng(), "its name has no suffix"],
  ])("warns about %s, and skips it", async (_what, path, content, message) => {
    const folder = good();
    write(join(folder, path), content);
    const report = await checkSet(folder, { task });
    expect(report.findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining(message) },
    ]);
    expect(await listShippedPaths(report)).toHaveLength(10);
  });

  it.each([
    ["empty", Buffer.alloc(0), "This file is empty."],
    ["truncated", createPlainPng().subarray(0, 80), "This image is truncated"],
    ["too small", createPlainPng(9, 40), "9x40 pixels"],
    ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\n", "git lfs pull"],
  ])("reports an image that is %s", async (_what, content, message) => {
    const folder = good();
    const file = write(join(folder, "val/circle/x.png"), content);
    expect(await listFindings(folder)).toMatchObject([
      { severity: "error", file, message: expect.stringContaining(message) },
    ]);
  });

  it("warns about one image in two classes, or in train and val", async () => {
    const folder = good();
    write(join(folder, "train/circle/a.png"), createPlainPng(50));
    write(join(folder, "train/square/b.png"), createPlainPng(50));
    write(join(folder, "val/square/c.png"), createPlainPng(50));
    expect((await listFindings(folder)).map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      expect.stringContaining("warning: The same image is in another class as"),
      expect.stringContaining("warning: 1 of 5 images of val is in train too, this one as"),
    ]);
  });

  it("warns about a single class, and about two classes with similar names", async () => {
    const folder = good();
    for (const split of ["train", "val"]) rmSync(join(folder, split, "square"), { recursive: true });
    expect(await listFindings(folder)).toMatchObject([
      { severity: "warning", message: "circle is the only class: a classifier needs at least two." },
    ]);
    for (const split of ["train", "val"])
      write(join(folder, split, "Circle ", "x.png"), createPlainPng(split.length * 10));
    expect(await listFindings(folder)).toMatchObject([
      { severity: "warning", message: expect.stringContaining("are two classes, though") },
    ]);
  });

  it("reports a val folder without images", async () => {
    const folder = good();
    rmSync(join(folder, "val"), { recursive: true });
    mkdirSync(join(folder, "val"));
    expect(await listFindings(folder)).toMatchObject([
      { severity: "error", message: "val has no images: it needs a folder of them for each class." },
    ]);
  });

  it.each([
    [
      "train without val",
      (folder: string) => rmSync(join(folder, "val"), { recursive: true }),
      "and no val folder",
    ],
    [
      "val without train",
      (folder: string) => rmSync(join(folder, "train"), { recursive: true }),
      "and no train folder",
    ],
    [
      "Train for train",
      (folder: string) => renameSync(join(folder, "train"), join(folder, "Train")),
      "no train folder",
    ],
    [
      "no images at all",
      (folder: string) => ["train", "val"].map((split) => rmSync(join(folder, split), { recursive: true })),
      "has no folders of images",
    ],
    [
      "a set of boxes",
      (folder: string) => [rmSync(folder, { recursive: true }), drawSet(folder, { train: 1, val: 1 })],
      "is a set of images with labels",
    ],
    ["nothing", (folder: string) => rmSync(folder, { recursive: true }), "does not exist"],
  ])("refuses %s before reading images", async (_what, spoil, message) => {
    const folder = good();
    spoil(folder);
    await expect(checkSet(folder, { task })).rejects.toMatchObject({
      code: "INVALID_DATASET",
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/\.$/),
    });
  });

  it("refuses a data.yaml, with a hint to name the folder", async () => {
    const yaml = write(join(good(), "data.yaml"), "train: train\n");
    await expect(checkSet(yaml, { task })).rejects.toMatchObject({
      message: expect.stringContaining("is not a folder"),
      hint: expect.stringContaining("name the folder that holds train and val"),
    });
  });

  it("refuses a detection model, with a hint to choose a classification model", async () => {
    await expect(checkSet(good())).rejects.toMatchObject({
      code: "INVALID_DATASET",
      hint: expect.stringContaining("choose a classification model"),
    });
  });
});
