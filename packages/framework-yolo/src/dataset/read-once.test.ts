import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type FileContent, getFingerprint } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { checkFully, checkSet } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, listEntries, write } from "../../test/drawn-set.ts";
import { ContentHasher } from "./content-hasher.ts";
import { ReadingBudget } from "./reading-budget.ts";

const readContent = (file: string): FileContent => ({
  sha256: createHash("sha256").update(readFileSync(file)).digest("hex"),
  fingerprint: getFingerprint(file, statSync(file, { bigint: true })),
});

describe("a file that the check has read", () => {
  it("is passed on with its hash, for images of any size and for labels", async () => {
    const folder = drawSet(createTemporaryFolder(), { train: 3, val: 2 });
    const large = Buffer.concat([createPlainPng(), Buffer.alloc(3_000_000, 7)]);
    for (const [name, image] of Object.entries({ exact: large.subarray(0, 65_536), large }))
      write(join(folder, "images/train", `${name}.png`), image);
    const entries = await listEntries((await checkSet(folder)).manifest);
    const files = entries.flatMap(({ from }) => ("file" in from ? [from] : []));
    expect(files).toHaveLength(12);
    for (const { file, content } of files) expect(content).toEqual(readContent(file));
  });

  it("is passed on with its hash in a classification dataset too", async () => {
    const folder = createTemporaryFolder();
    for (const path of ["train/cat/1.png", "train/dog/2.png", "val/cat/3.png", "val/dog/4.png"])
      write(join(folder, path), createPlainPng(12 + path.length, 14));
    const entries = await listEntries((await checkFully(folder, { model: "yolo11n-cls.pt" })).manifest);
    for (const { from } of entries) expect(from).toMatchObject({ content: expect.anything() });
  });

  it("is not passed on when its label is rewritten", async () => {
    const folder = drawSet(createTemporaryFolder(), { train: 1, val: 1 });
    write(join(folder, "labels/train/0.txt"), "0 0.5 0.5 0.2 0.2\n1 0.1 0.1 0.2 0.1 0.2 0.2\n");
    const entries = await listEntries((await checkSet(folder)).manifest);
    expect(entries.find(({ path }) => path === "labels/train/0.txt")?.from).toHaveProperty("bytes");
  });

  it("is left to core when it is too large or changes while it is read", () => {
    const file = write(join(createTemporaryFolder(), "a.png"), Buffer.alloc(100_000, 1));
    const hashWith = (hasher: ContentHasher, changes: { readonly size?: bigint } = {}) => {
      const handle = openSync(file, "r");
      try {
        const stats = Object.assign(fstatSync(handle, { bigint: true }), changes);
        return hasher.hashOpenFile(file, handle, stats, readFileSync(file).subarray(0, 4096));
      } finally {
        closeSync(handle);
      }
    };
    expect(hashWith(new ContentHasher())).toEqual(readContent(file));
    expect(hashWith(new ContentHasher(new ReadingBudget(99_999)))).toBeUndefined();
    const once = new ContentHasher(new ReadingBudget(), 1);
    expect([hashWith(once), hashWith(once)]).toEqual([readContent(file), undefined]);
    for (const size of [99_999n, 100_001n]) expect(hashWith(new ContentHasher(), { size })).toBeUndefined();
  });
});

describe("inspectedPaths", () => {
  it("contains data.yaml and every folder of images and labels, also missing ones", async () => {
    const folder = drawSet(createTemporaryFolder(), { train: 1, val: 1 });
    write(join(folder, "images/train/deep/2.png"), createPlainPng());
    const { inspectedPaths } = await checkSet(folder);
    const below = [
      "data.yaml",
      "images/train",
      "images/train/deep",
      "images/val",
      "labels/train",
      "labels/val",
    ];
    expect(inspectedPaths).toEqual(
      expect.arrayContaining([folder, ...[...below, "labels/train/deep"].map((path) => join(folder, path))]),
    );
  });

  it("contains a list of images", async () => {
    const folder = drawSet(createTemporaryFolder(), { train: 1, val: 1 });
    const list = write(join(folder, "train.txt"), "images/train/0.png\n");
    write(join(folder, "data.yaml"), "train: train.txt\nval: images/val\nnames: [circle, square]\n");
    expect((await checkSet(folder)).inspectedPaths).toContain(list);
  });

  it("contains the folders of classes, a zip, and the folders of code", async () => {
    const folder = createTemporaryFolder();
    for (const path of ["set/train/cat/1.png", "set/val/cat/2.png"])
      write(join(folder, path), createPlainPng(12 + path.length, 14));
    write(join(folder, "code/inner/callbacks.py"), "def on_train_end(trainer): pass\n");
    const code = join(folder, "code");
    const set = await checkFully(join(folder, "set"), { model: "yolo11n-cls.pt", code });
    const classes = ["set", "set/train", "set/train/cat", "set/val/cat", "code", "code/inner"];
    expect(set.inspectedPaths).toEqual(expect.arrayContaining(classes.map((path) => join(folder, path))));
    const zip = join(folder, "set.zip");
    const members = readdirSync(join(folder, "set")).map((name) => join(folder, "set", name));
    execFileSync("python3", ["-m", "zipfile", "-c", zip, ...members]);
    expect((await checkFully(zip, { model: "yolo11n-cls.pt" })).inspectedPaths).toContain(zip);
  });
});
