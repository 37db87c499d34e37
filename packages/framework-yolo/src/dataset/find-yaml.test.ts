import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, write } from "../../test/drawn-set.ts";

const counts = { train: 2, val: 1 };

describe("finding the dataset", () => {
  it("finds it three levels down, and ignores YAML files of other tools and hidden folders", async () => {
    const root = createTemporaryFolder();
    const set = drawSet(join(root, "a/b/c"), counts);
    renameSync(join(set, "data.yaml"), join(set, "shapes.yaml"));
    write(join(root, "environment.yml"), "name: yolo\ndependencies: [python]\n");
    write(join(root, "hyp.yaml"), "lr0: 0.01\n");
    write(join(set, "hyp.yaml"), "lr0: 0.01\n");
    write(join(root, ".circleci/config.yml"), "train: x\nnames: [a]\n");
    write(join(root, "broken.yaml"), "a: [\n");
    expect((await checkSet(root)).findings).toMatchObject([
      { severity: "warning", file: join(set, "shapes.yaml") },
    ]);
  });

  it("finds it one level up when the named folder holds its images", async () => {
    const set = drawSet(join(createTemporaryFolder(), "set"), counts);
    expect((await checkSet(join(set, "images"))).findings).toMatchObject([
      { severity: "warning", file: join(set, "data.yaml") },
    ]);
    mkdirSync(join(set, "other"));
    await expect(checkSet(join(set, "other"))).rejects.toMatchObject({ code: "INVALID_DATASET" });
  });

  it("lists several datasets with their numbers of classes", async () => {
    const root = createTemporaryFolder();
    for (const name of ["v1", "v2"]) drawSet(join(root, name), counts);
    await expect(checkSet(root)).rejects.toMatchObject({
      message: expect.stringContaining("holds 2 datasets"),
      hint: `Name the one to train on: ${join(root, "v1/data.yaml")} (2 classes), ${join(root, "v2/data.yaml")} (2 classes)`,
    });
  });
});

describe("paths of another machine", () => {
  it.each([
    ["/content/drive/MyDrive/set", "images/train", "images/val"],
    ["", "C:\\\\data\\\\set\\\\images\\\\train", "C:/data/set/images/val"],
    ["", "/content/set/images/train", "/kaggle/input/set/images/val"],
  ])("are replaced by the folders beside data.yaml, with a warning: %s %s", async (path, train, val) => {
    const set = drawSet(join(createTemporaryFolder(), "set"), counts);
    const first = path === "" ? "" : `path: ${path}\n`;
    write(join(set, "data.yaml"), `${first}train: "${train}"\nval: "${val}"\nnames: [a, b]\n`);
    const report = await checkSet(set);
    expect(report.summary).toBe("2 train + 1 val images, 2 classes");
    expect(report.findings.length).toBeGreaterThan(0);
    expect(report.findings.every(({ severity }) => severity === "warning")).toBe(true);
  });
});

describe("suggestions", () => {
  it.each([
    ["train: images/train\nvalid: images/val", "Did you mean valid?"],
    ["train: images/train\nvalidate: images/val", "Did you mean validate?"],
    ["train: images/trian\nval: images/val", "images/train?"],
    ["train: Images/train\nval: images/val", "images?"],
    ["train: images/training\nval: images/val", "images/train?"],
    ["train: images/train\nval: images/valid", "images/val?"],
  ])("suggest a split or folder for %s", async (splits, hint) => {
    const set = drawSet(join(createTemporaryFolder(), "set"), counts);
    write(join(set, "data.yaml"), `${splits}\nnames: [a, b]\n`);
    const { findings } = await checkSet(set);
    expect(findings.map(({ message }) => message).join("\n")).toContain(hint);
  });

  it.each(["Labels", "annotations", "label"])("suggest labels for a folder named %s", async (name) => {
    const set = drawSet(join(createTemporaryFolder(), "set"), counts);
    renameSync(join(set, "labels"), join(set, name));
    const [first] = (await checkSet(set)).findings;
    expect(first?.message).toContain(`Rename ${join(set, name)} to labels.`);
  });
});

it("a URL is recognized", async () => {
  const { checkAll } = await import("../check-all.ts");
  const { checkOptions } = await import("../options/options.ts");
  const source = { kind: "url", url: "https://example.com/set.zip", sha256: "" } as const;
  const context = {
    signal: new AbortController().signal,
    secret() {},
    showStatus() {},
    wait: async () => {},
  };
  await expect(checkAll(source, checkOptions({}), context)).rejects.toThrow("is a URL");
});

describe("classes one level deeper", () => {
  it.each([
    ["pets/cat/1.png pets/dog/1.png", ".", "pets"],
    ["pets/train/cat/1.png pets/train/dog/1.png pets/val/cat/1.png", ".", "pets"],
    ["train/all/cat/1.png train/all/dog/1.png val/all/cat/1.png", ".", "train/all"],
  ])("are refused with the right folder: %s", async (files, _folder, right) => {
    const root = createTemporaryFolder();
    for (const file of files.split(" ")) write(join(root, file), createPlainPng());
    await expect(checkSet(root, { task: "classify" })).rejects.toMatchObject({
      hint: expect.stringContaining(join(root, right)),
    });
  });
});
