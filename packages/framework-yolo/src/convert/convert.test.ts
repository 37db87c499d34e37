import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, write } from "../../test/drawn-set.ts";
import { recognizeForeignDataset } from "../foreign-dataset.ts";

const read = (...path: string[]) => readFileSync(join(...path), "utf8");

async function convert(source: string, task: "detect" | "segment" = "detect") {
  const target = join(createTemporaryFolder(), "converted");
  const foreign = await recognizeForeignDataset(source);
  const report = foreign?.convert(target, { task });
  return { target, report, name: foreign?.name };
}

/** Different images of 100x50 pixels. */
function images(folder: string, names: readonly string[]): void {
  for (const [index, name] of names.entries())
    write(join(folder, name), Buffer.concat([createPlainPng(100, 50), Buffer.from(`${index} ${folder}`)]));
}

const triangle = [10, 10, 60, 10, 35, 40];

function cocoSet(): string {
  const root = join(createTemporaryFolder(), "coco");
  images(join(root, "train"), ["a.png", "deep/a.png", "b.png", "no-size.png"]);
  images(join(root, "val"), ["v.png"]);
  const size = { width: 100, height: 50 };
  const categories = [
    { id: 7, name: "dog", supercategory: "animals" },
    { id: 3, name: "cat", supercategory: "animals" },
    { id: 0, name: "animals", supercategory: "none" },
  ];
  write(
    join(root, "train/_annotations.coco.json"),
    JSON.stringify({
      images: [
        { id: 1, file_name: "a.png", ...size },
        { id: 2, file_name: "deep/a.png", ...size },
        { id: 3, file_name: "b.png", ...size },
        { id: 4, file_name: "no-size.png" },
        { id: 5, file_name: "gone.png", ...size },
      ],
      annotations: [
        { id: 1, image_id: 1, category_id: 7, bbox: [10, 10, 50, 30], iscrowd: 0, segmentation: [triangle] },
        {
          id: 2,
          image_id: 1,
          category_id: 3,
          bbox: [0, 0, 10, 10],
          iscrowd: 1,
          segmentation: { counts: [1] },
        },
        { id: 3, image_id: 1, category_id: 3, bbox: [0, 0, 0, 10] },
        { id: 4, image_id: 2, category_id: 3, bbox: [90, 40, 20, 20] },
        {
          id: 5,
          image_id: 4,
          category_id: 3,
          bbox: [0, 0, 100, 50],
          segmentation: [triangle, [70, 10, 90, 10, 80, 40]],
        },
      ],
      categories,
    }),
  );
  write(
    join(root, "val/_annotations.coco.json"),
    JSON.stringify({
      info: {},
      categories,
      annotations: [],
      images: [{ id: 1, file_name: "v.png", ...size }],
    }),
  );
  return root;
}

describe("COCO", () => {
  it("is converted to boxes, with gaps in ids, crowds, backgrounds, folders and missing sizes", async () => {
    const { target, report, name } = await convert(cocoSet());
    expect(name).toBe("a COCO dataset");
    expect(report).toEqual({
      images: { train: 4, val: 1, test: 0 },
      classes: 2,
      isSplitCreated: false,
      notes: [
        "1 image is not there",
        "1 crowd (iscrowd) is left out",
        "1 object without an area is left out",
      ],
    });
    expect(read(target, "labels/train/a.txt")).toBe("1 0.35 0.5 0.5 0.6\n");
    // Another image of the same name, and its box cut to the image.
    expect(read(target, "labels/train/deep_a.txt")).toBe("0 0.95 0.9 0.1 0.2\n");
    expect(read(target, "labels/train/no-size.txt")).toBe("0 0.5 0.5 1 1\n");
    expect(read(target, "labels/train/b.txt")).toBe("");
    const checked = await checkSet(target);
    expect(checked.classes?.map(({ name }) => name)).toEqual(["cat", "dog"]);
    expect(checked.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("is converted to outlines for segment, with several outlines of one object joined", async () => {
    const { target, report } = await convert(cocoSet(), "segment");
    expect(read(target, "labels/train/a.txt")).toBe("1 0.1 0.2 0.6 0.2 0.35 0.8\n");
    const [row = ""] = read(target, "labels/train/no-size.txt").split("\n");
    expect(row.split(" ")).toHaveLength(1 + 2 * (3 + 4 + 1));
    expect(read(target, "labels/train/deep_a.txt")).toBe("0 0.9 0.8 1 0.8 1 1 0.9 1\n");
    expect(report?.notes).toContain("1 object has no polygon: its box becomes its outline");
  });

  it("is refused with file and position when it is invalid", async () => {
    const root = createTemporaryFolder();
    const file = write(
      join(root, "instances.json"),
      '{"images": [{"id": 1, "license": 1}], "annotations": []}',
    );
    writeFileSync(file, '{"images": [{"id": 1}], "annotations": [], "categories": []}');
    await expect(convert(root)).rejects.toThrow(/instances\.json is not valid COCO: images\.0\.file_name/);
  });
});

const voc = (name: string, objects: string, size = "<size><width>100</width><height>50</height></size>") =>
  `<annotation><filename>${name}</filename>${size}${objects}</annotation>`;
const object = (name: string, box: readonly number[], more = "") =>
  `<object><name>${name}</name>${more}<bndbox><xmin>${box[0]}</xmin><ymin>${box[1]}</ymin><xmax>${box[2]}</xmax><ymax>${box[3]}</ymax></bndbox></object>`;

describe("Pascal VOC", () => {
  it("is converted from 1-based pixels, without difficult objects, and with sizes of 0 read from the image", async () => {
    const root = join(createTemporaryFolder(), "voc");
    images(join(root, "JPEGImages"), ["1.png", "2.png", "3.png"]);
    write(
      join(root, "Annotations/1.xml"),
      voc("1.png", object("dog", [11, 11, 61, 41]) + object("a &amp; b", [1, 1, 101, 51])),
    );
    write(
      join(root, "Annotations/2.xml"),
      voc(
        "2.png",
        object("dog", [21, 11, 41, 31], "<difficult>1</difficult>"),
        "<size><width>0</width><height>0</height></size>",
      ),
    );
    write(join(root, "Annotations/3.xml"), voc("3", object("dog", [21, 11, 41, 31]), ""));
    write(join(root, "ImageSets/Main/train.txt"), "1\n2\n");
    write(join(root, "ImageSets/Main/val.txt"), "3\n");
    const { target, report, name } = await convert(root);
    expect(name).toBe("a Pascal VOC dataset");
    expect(report).toMatchObject({
      images: { train: 2, val: 1 },
      classes: 2,
      isSplitCreated: false,
      notes: ["1 difficult object is left out"],
    });
    expect(read(target, "labels/train/1.txt")).toBe("1 0.35 0.5 0.5 0.6\n0 0.5 0.5 1 1\n");
    expect(read(target, "labels/train/2.txt")).toBe("");
    expect(read(target, "labels/val/3.txt")).toBe("1 0.3 0.4 0.2 0.4\n");
    expect((await checkSet(target)).classes?.map(({ name }) => name)).toEqual(["a & b", "dog"]);
  });
});

describe("darknet and labelImg", () => {
  it("keeps the lists and names of darknet", async () => {
    const root = join(createTemporaryFolder(), "dark");
    write(
      join(root, "obj.data"),
      "classes = 2\ntrain  = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names\nbackup = backup/\n",
    );
    write(join(root, "obj.names"), "cat\ndog\n");
    images(join(root, "obj_train_data"), ["1.png", "2.png", "3.png"]);
    for (const n of [1, 2]) write(join(root, `obj_train_data/${n}.txt`), "1 0.5 0.5 0.2 0.2\n");
    write(
      join(root, "train.txt"),
      "data/obj_train_data/1.png\ndata/obj_train_data/3.png\ndata/obj_train_data/4.png\n",
    );
    write(join(root, "valid.txt"), "data/obj_train_data/2.png\n");
    const { target, report } = await convert(root);
    expect(report).toMatchObject({ images: { train: 2, val: 1 }, classes: 2 });
    expect(report?.notes[0]).toBe("1 image of a list is not there");
    expect(read(target, "labels/val/2.txt")).toBe("1 0.5 0.5 0.2 0.2\n");
  });

  it("splits labelImg reproducibly, and keeps copies of an image in one split", async () => {
    const root = join(createTemporaryFolder(), "photos");
    write(join(root, "classes.txt"), "cat\ndog\n");
    images(
      root,
      Array.from({ length: 20 }, (_, n) => `${n}.png`),
    );
    for (const n of [3, 4, 5, 6]) write(join(root, `copy-${n}.png`), readFileSync(join(root, `${n}.png`)));
    for (const name of readdirSync(root))
      if (name.endsWith(".png")) write(join(root, name.replace("png", "txt")), "0 0.5 0.5 0.2 0.2\n");
    const before = readdirSync(root).sort();
    const [first, second] = [await convert(root), await convert(root)];
    expect(first.report?.isSplitCreated).toBe(true);
    expect(first.report?.images.val).toBeGreaterThanOrEqual(5);
    const val = readdirSync(join(first.target, "images/val")).sort();
    expect(readdirSync(join(second.target, "images/val")).sort()).toEqual(val);
    for (const n of [3, 4, 5, 6]) expect(val.includes(`${n}.png`)).toBe(val.includes(`copy-${n}.png`));
    expect(readdirSync(root).sort()).toEqual(before);
    expect((await checkSet(first.target)).findings).toEqual([]);
  });

  it("refuses an output folder that exists", async () => {
    const root = join(createTemporaryFolder(), "photos");
    write(join(root, "classes.txt"), "cat\n");
    images(root, ["1.png", "2.png"]);
    const target = join(createTemporaryFolder(), "there");
    mkdirSync(target);
    const foreign = await recognizeForeignDataset(root);
    expect(() => foreign?.convert(target, { task: "detect" })).toThrow("it already exists");
  });
});

describe("the check names the format of a dataset and the command that converts it", () => {
  it.each([
    [
      "COCO",
      { "annotations/instances_train2017.json": '{"info": {}, "images": [], "annotations": []}' },
      "unitrain init --data",
    ],
    ["Pascal VOC", { "Annotations/1.xml": voc("1.png", "") }, "unitrain init --data"],
    ["darknet", { "obj.data": "classes = 1\nnames = obj.names\n" }, "unitrain init --data"],
    ["labelImg", { "classes.txt": "a\n", "1.txt": "0 0.5 0.5 0.1 0.1\n" }, "unitrain init --data"],
    [
      "CVAT",
      { "annotations.xml": "<?xml version='1.0'?>\n<annotations>\n<version>1.1</version>" },
      "unitrain init --data",
    ],
    [
      "Label Studio",
      { "export.json": '[{"id": 1, "annotations": [], "data": {"image": "x"}}]' },
      "unitrain init --data",
    ],
    ["LabelMe", { "1.json": '{"shapes": [], "imagePath": "1.png"}' }, "unitrain init --data"],
    [
      "Supervisely",
      { "ds/ann/1.png.json": '{"objects": [{"classTitle": "a"}]}' },
      "Export it as YOLO or COCO",
    ],
    ["VGG Image Annotator", { "via.json": '{"a": {"regions": [{"shape_attributes": {}}]}}' }, "Export it"],
    ["CreateML", { "c.json": '[{"image": "a.png", "annotations": [{"coordinates": {}}]}]' }, "Export it"],
    [
      "boxes in a CSV file",
      { "train/a.csv": "filename,width,height,class,xmin,ymin,xmax,ymax\n" },
      "Export it",
    ],
    // Label Studio's own export for YOLO.
    [
      "labelImg",
      {
        "classes.txt": "a\n",
        "notes.json": '{"categories": [{"id": 0, "name": "a"}], "info": {"year": 2025}}',
      },
      "unitrain init --data",
    ],
  ])("%s", async (name, files, hint) => {
    const root = join(createTemporaryFolder(), "set");
    for (const [path, text] of Object.entries(files)) write(join(root, path), text);
    await expect(checkSet(root)).rejects.toMatchObject({
      code: "INVALID_DATASET",
      message: expect.stringContaining(name),
      hint: expect.stringContaining(hint),
    });
  });
});
