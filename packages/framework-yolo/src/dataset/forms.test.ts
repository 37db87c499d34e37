import { mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet, listShippedPaths, readShippedYaml } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, write } from "../../test/drawn-set.ts";

const names = "names: [circle, square]\n";

/** Creates a valid dataset with another data.yaml. */
function setWith(yaml: string, name = "set"): string {
  const folder = drawSet(join(createTemporaryFolder(), name), { train: 2, val: 2 });
  write(join(folder, "data.yaml"), yaml);
  return folder;
}

const usual = ["images/train/0.png", "labels/train/0.txt", "images/val/1.png", "labels/val/1.txt"];

describe("train and val", () => {
  it.each([
    ["folders", "train: images/train\nval: images/val\n"],
    ["folders with a slash", "train: images/train/\nval: ./images/val/\n"],
    ["backslashes", "train: images\\train\nval: images\\val\n"],
    ["Roboflow's way up", "train: ../images/train\nval: ../images/val\n"],
    ["validation for val", "train: images/train\nvalidation: images/val\n"],
    ["lists of folders", "train: [images/train]\nval: [images/val]\n"],
    ["an empty test", "train: images/train\nval: images/val\ntest:\n"],
    ["a path of .", "path: .\ntrain: images/train\nval: images/val\n"],
  ])("accept %s", async (_what, yaml) => {
    const report = await checkSet(setWith(yaml + names));
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toEqual(expect.arrayContaining(usual));
  });

  it("can be absolute, or relative to an absolute path", async () => {
    const folder = setWith("");
    for (const yaml of [
      `train: ${folder}/images/train\nval: ${folder}/images/val\n`,
      `path: ${folder}\ntrain: images/train\nval: images/val\n`,
    ]) {
      write(join(folder, "data.yaml"), yaml + names);
      expect((await checkSet(folder)).findings).toEqual([]);
    }
  });

  it("can be in the home folder, or relative to the working folder", async () => {
    const folder = setWith("");
    for (const path of [`~/${relative(homedir(), folder)}`, relative(process.cwd(), folder)]) {
      write(join(folder, "data.yaml"), `path: ${path}\ntrain: images/train\nval: images/val\n${names}`);
      expect((await checkSet(folder)).findings).toEqual([]);
    }
  });

  it("can be named by a yaml of any name beside the dataset", async () => {
    const folder = setWith("");
    const yaml = write(
      join(dirname(folder), "shapes.yml"),
      `path: set\ntrain: images/train\nval: images/val\n${names}`,
    );
    expect((await checkSet(yaml)).findings).toEqual([]);
    expect((await checkSet(dirname(folder))).findings).toEqual([]);
  });

  it("can be a folder that contains images and labels, and are shipped in the usual layout", async () => {
    const folder = createTemporaryFolder();
    const drawn = drawSet(join(folder, "drawn"), { train: 2, val: 2 });
    for (const [split, to] of [
      ["train", "train"],
      ["val", "valid"],
    ]) {
      for (const kind of ["images", "labels"]) {
        mkdirSync(join(folder, `${to}`), { recursive: true });
        renameSync(join(drawn, kind, `${split}`), join(folder, `${to}`, kind));
      }
    }
    rmSync(drawn, { recursive: true });
    for (const entries of ["train: train\nval: valid\n", "train: ../train/images\nval: ../valid/images\n"]) {
      write(join(folder, "data.yaml"), entries + names);
      const report = await checkSet(folder);
      expect(report.findings).toEqual([]);
      expect(await listShippedPaths(report)).toEqual(expect.arrayContaining(usual));
    }
  });

  it("can have labels beside the images, below a folder that is named images", async () => {
    const folder = join(createTemporaryFolder(), "images", "set");
    drawSet(folder, { train: 2, val: 2 });
    for (const split of ["train", "val"]) {
      renameSync(join(folder, "images", split), join(folder, split));
      for (const name of ["0", "1"])
        renameSync(join(folder, "labels", split, `${name}.txt`), join(folder, split, `${name}.txt`));
    }
    write(join(folder, "data.yaml"), `train: train\nval: val\n${names}`);
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toEqual(expect.arrayContaining(usual));
  });

  it("can be list files with paths relative to the list, relative to the dataset, or absolute", async () => {
    const folder = setWith(`train: lists/train.txt\nval: val.txt\n${names}`);
    write(join(folder, "lists/train.txt"), `../images/train/0.png\r\nimages/train/1.png\r\n\r\n`);
    write(join(folder, "val.txt"), `${folder}/images/val/0.png\n./images/val/1.png\n`);
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toEqual(expect.arrayContaining(usual));
  });

  it("of list files are reported with each line whose image is missing", async () => {
    const folder = setWith(`train: train.txt\nval: images/val\n${names}`);
    const file = write(
      join(folder, "train.txt"),
      "./images/train/0.png\n./images/train/gone.png\n./data.yaml\n",
    );
    expect((await checkSet(folder)).findings).toEqual([
      { severity: "error", file, line: 2, message: expect.stringContaining("gone.png does not exist") },
      {
        severity: "warning",
        file,
        line: 3,
        message: expect.stringContaining("does not name an image"),
      },
    ]);
  });

  it("in several folders keep images with the same name apart", async () => {
    const folder = setWith(`train: [images/train, images/more]\nval: images/val\n${names}`);
    write(join(folder, "images/more/0.png"), createPlainPng());
    const paths = await listShippedPaths(await checkSet(folder));
    expect(paths).toEqual(
      expect.arrayContaining([
        "images/train/train/0.png",
        "labels/train/train/0.txt",
        "images/train/more/0.png",
      ]),
    );
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("keep their subfolders, and the labels of a subfolder named images", async () => {
    const folder = setWith(`train: images/train\nval: images/val\n${names}`);
    drawSet(join(folder, "images/train/deep"), { train: 1, val: 0 });
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toEqual(
      expect.arrayContaining([
        "images/train/deep/images/train/0.png",
        "images/train/deep/labels/train/0.txt",
      ]),
    );
  });

  it("are shipped with the test images only when these are used for validation", async () => {
    const folder = setWith(`train: images/train\nval: images/val\ntest: images/val\n${names}`);
    expect(
      (await listShippedPaths(await checkSet(folder))).some((path) => path.startsWith("images/test")),
    ).toBe(false);
    const report = await checkSet(folder, { split: "test" });
    expect(report.summary).toBe("2 train + 2 val + 2 test images, 2 classes");
    expect(await readShippedYaml(report)).toContain('test: "images/val"');
  });

  it("cause a warning when they are the same folder", async () => {
    const folder = setWith(`train: images/train\nval: images/train\n${names}`);
    expect((await checkSet(folder)).findings).toMatchObject([
      { severity: "warning", message: expect.stringContaining("All images of val are in train too") },
    ]);
  });

  it("are taken from the dataset's own folder before a sibling, with a warning", async () => {
    const folder = setWith(`train: ../images/train\nval: images/val\n${names}`);
    mkdirSync(join(dirname(folder), "images/train"), { recursive: true });
    const { findings } = await checkSet(folder);
    expect(findings).toMatchObject([
      { severity: "warning", line: 1, message: expect.stringContaining("the first is used") },
    ]);
  });

  it("are taken from beside the yaml when its path is from another machine, with a warning", async () => {
    const folder = setWith(`path: /content/dataset\ntrain: images/train\nval: images/val\n${names}`);
    expect((await checkSet(folder)).findings).toMatchObject([
      { severity: "warning", line: 1, message: expect.stringContaining("/content/dataset") },
    ]);
  });

  it.each([
    ["train is missing", `val: images/val\n${names}`, "train is missing", undefined],
    ["val is missing", `train: images/train\n${names}`, "val is missing", undefined],
    ["val is empty", `train: images/train\nval:\n${names}`, "val is missing", 2],
    ["train is a number", `train: 5\nval: images/val\n${names}`, "train must be a folder", 1],
    [
      "train has an empty line",
      `train: [images/train, ""]\nval: images/val\n${names}`,
      "train must be a folder",
      1,
    ],
    [
      "train does not exist",
      `train: images/trian\nval: images/val\n${names}`,
      "train is images/trian, but",
      1,
    ],
    [
      "val is an image",
      `train: images/train\nval: images/val/0.png\n${names}`,
      "neither a folder nor a list",
      undefined,
    ],
  ])("are reported when %s", async (_what, yaml, message, line) => {
    const { findings } = await checkSet(setWith(yaml));
    const found = findings.find((finding) => finding.message.includes(message));
    expect(found).toMatchObject({ severity: "error", ...(line === undefined ? {} : { line }) });
    if (line !== undefined) expect(basename(found?.file ?? "")).toBe("data.yaml");
  });
});
