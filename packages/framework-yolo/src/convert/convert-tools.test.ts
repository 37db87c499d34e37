import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkSet } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, write } from "../../test/drawn-set.ts";
import { recognizeForeignDataset } from "../foreign-dataset.ts";
import type { ConvertOptions } from "./converted.ts";

/** Converts a dataset of these files and of images of 100x50 pixels; returns the labels by image. */
async function converted(
  files: Readonly<Record<string, string | Uint8Array>>,
  images: readonly string[],
  task: ConvertOptions["task"] = "detect",
) {
  const root = join(createTemporaryFolder(), "set");
  for (const [path, text] of Object.entries(files)) write(join(root, path), text);
  for (const [index, name] of images.entries())
    write(join(root, name), Buffer.concat([createPlainPng(100, 50), Buffer.from(String(index))]));
  const target = join(createTemporaryFolder(), "converted");
  const report = (await recognizeForeignDataset(root))?.convert(target, { task });
  const checked = await checkSet(target, { task });
  expect(checked.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const label = (path: string) => readFileSync(join(target, "labels", path), "utf8");
  const yaml = parse(readFileSync(join(target, "data.yaml"), "utf8"));
  return { report, label, yaml, names: Object.values(yaml.names) };
}

const size = { width: 100, height: 50 };
const box = { id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 50, 30] };
const coco = (file_name: string, annotations: readonly object[], categories: readonly object[]) =>
  JSON.stringify({ images: [{ id: 1, file_name, ...size }], annotations, categories });

describe("COCO as other tools export it", () => {
  it("accepts captions beside objects, and separate ids in each file", async () => {
    const { report, label, names } = await converted(
      {
        "annotations/captions_train2017.json": coco("a.png", [{ id: 1, image_id: 1, caption: "a" }], []),
        "annotations/instances_train2017.json": coco("a.png", [box], [{ id: 1, name: "cat" }]),
        "annotations/instances_val2017.json": coco(
          "v.png",
          [box],
          [
            { id: 1, name: "dog" },
            { id: 2, name: "cat" },
          ],
        ),
      },
      ["train2017/a.png", "val2017/v.png"],
    );
    expect(report?.images).toEqual({ train: 1, val: 1, test: 0 });
    expect(names).toEqual(["cat", "dog"]);
    expect(label("train/a.txt")).toBe("0 0.35 0.5 0.5 0.6\n");
    expect(label("val/v.txt")).toBe("1 0.35 0.5 0.5 0.6\n");
  });

  it("accepts NaN and numbers as text, and reports a broken file", async () => {
    const bad = [
      { ...box, bbox: ["10", "10", "50", "30"] },
      { ...box, bbox: [0.123, 1, 1, 1] },
    ];
    const { report, label } = await converted(
      {
        "train/a.json": coco("a.png", bad, [{ id: 1, name: "cat" }]).replace("0.123", "NaN"),
        "val/v.json": coco("v.png", [box], [{ id: 1, name: "cat" }]),
        "val/broken.json": '{"info": {}, "images": [{"id": 1}], "annotations": []}',
      },
      ["train/a.png", "val/v.png"],
    );
    expect(label("train/a.txt")).toBe("0 0.35 0.5 0.5 0.6\n");
    expect(report?.notes).toEqual([
      expect.stringMatching(/^Skipped a file: .*broken\.json is not valid COCO: images\.0\.file_name/),
      "1 object without an area is left out",
    ]);
  });

  it("keeps key points for pose, with a flip_idx for mirroring", async () => {
    const categories = [{ id: 1, name: "person", keypoints: ["nose", "left_eye", "right_eye"] }];
    const person = { ...box, num_keypoints: 2, keypoints: [20, 20, 2, 30, 20, 1, 0, 0, 0] };
    const hidden = { ...box, bbox: [0, 0, 20, 20], keypoints: [0, 0, 0, 0, 0, 0, 0, 0, 0] };
    const { report, label, yaml } = await converted(
      {
        "person_keypoints_train.json": coco("a.png", [person, hidden], categories),
        "person_keypoints_val.json": coco("v.png", [person], categories),
        "instances_train.json": coco("a.png", [box], [{ id: 2, name: "car" }]),
      },
      ["a.png", "v.png"],
      "pose",
    );
    expect(yaml).toMatchObject({ names: { 0: "person" }, kpt_shape: [3, 3], flip_idx: [0, 2, 1] });
    expect(label("train/a.txt")).toBe("0 0.35 0.5 0.5 0.6 0.2 0.4 2 0.3 0.4 1 0 0 0\n");
    expect(report?.notes).toEqual(["1 object without labeled key points is left out"]);
  });
});

const voc = (name: string, objects: string) =>
  `<annotation><filename>${name}</filename><size><width>100</width><height>50</height></size>${objects}</annotation>`;
const object = (name: string, [xmin, ymin, xmax, ymax]: readonly number[]) =>
  `<object>${name}<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;

describe("Pascal VOC as other tools export it", () => {
  it("accepts other encodings, other suffixes and swapped corners; skips and reports broken files", async () => {
    const latin = `<?xml version="1.0" encoding="ISO-8859-1"?>${voc("1.jpg", object("<name>caf\xe9</name>", [61, 41, 11, 11]))}`;
    const { report, label, names } = await converted(
      {
        "train/1.xml": Buffer.from(latin, "latin1"),
        "val/2.xml": Buffer.from(
          `\uFEFF${voc("2", object("<name>dog</name>", [11, 11, 61, 41]))}`,
          "utf16le",
        ),
        "val/3.xml": voc(
          "3.png",
          object("<name></name>", [1, 1, 9, 9]) + object("<name> dog </name>", [11, 11, 61, 41]),
        ),
        "val/4.xml": "<annotation><object>",
      },
      ["train/1.png", "val/2.webp", "val/3.png"],
    );
    expect(names).toEqual(["caf\u00e9", "dog"]);
    expect(label("train/1.txt")).toBe("0 0.35 0.5 0.5 0.6\n");
    expect([label("val/2.txt"), label("val/3.txt")]).toEqual(Array(2).fill("1 0.35 0.5 0.5 0.6\n"));
    expect(report?.notes).toEqual([
      expect.stringContaining("4.xml is not valid Pascal VOC"),
      "1 object without a name is left out",
    ]);
  });
});

describe("CVAT's XML for images", () => {
  const xml = `<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><task><labels><label><name>dog</name></label><label><name>cat</name></label></labels></task></meta>
<image id="0" name="cam/a.png" subset="Train" width="100" height="50">
  <box label="cat" xtl="10" ytl="10" xbr="60" ybr="40" occluded="0"><attribute name="x">1</attribute></box>
  <polygon label="dog" points="10.0,10.0;60.0,10.0;35.0,40.0"/>
  <points label="dog" points="1,1"/>
</image>
<image id="1" name="b.png" subset="Validation" width="100" height="50">
  <box label="dog" xtl="40" ytl="20" xbr="60" ybr="30" rotation="90"/>
</image>
<image id="2" name="gone.png" width="100" height="50"/>
</annotations>`;

  it("is converted to boxes, with CVAT's label order and subsets", async () => {
    const { report, label, names } = await converted({ "annotations.xml": xml }, [
      "images/cam/a.png",
      "images/b.png",
    ]);
    expect(names).toEqual(["dog", "cat"]);
    expect(report?.images).toEqual({ train: 1, val: 1, test: 0 });
    expect(label("train/a.txt")).toBe("1 0.35 0.5 0.5 0.6\n0 0.35 0.5 0.5 0.6\n");
    expect(label("val/b.txt")).toBe("0 0.5 0.5 0.1 0.4\n");
    expect(report?.notes).toEqual(["1 mask, line or point is left out", "1 image is not there"]);
  });

  it("is converted to polygons for segment", async () => {
    const { label } = await converted({ "annotations.xml": xml }, ["cam/a.png", "b.png"], "segment");
    expect(label("train/a.txt").split("\n")[1]).toBe("0 0.1 0.2 0.6 0.2 0.35 0.8");
  });
});

describe("Label Studio's JSON", () => {
  const places = { x: 10, y: 20, width: 50, height: 60, rotation: 0, rectanglelabels: ["cat"] };
  const pixels = { original_width: 100, original_height: 50 };
  const polygon = {
    points: [
      [10, 20],
      [60, 20],
      [35, 80],
    ],
    polygonlabels: ["dog"],
  };
  const task = (image: string, values: readonly object[]) => ({
    id: 1,
    data: { image },
    annotations: [
      { result: values.map((value) => ({ ...pixels, value })) },
      { was_cancelled: true, result: [{ ...pixels, value: places }] },
    ],
  });

  it("is converted to boxes, whatever the storage of its images", async () => {
    const tasks = [
      task("/data/upload/1/ab12cd34-a.png", [places, polygon, { choices: ["good"] }]),
      task("/data/local-files/?d=photos%2Fb.png", [places]),
      task("s3://bucket/c%20d.png?x=1", []),
    ];
    const { report, label, names } = await converted({ "project-1.json": JSON.stringify(tasks) }, [
      "images/ab12cd34-a.png",
      "images/b.png",
      "images/c d.png",
    ]);
    expect(names).toEqual(["cat", "dog"]);
    expect(report?.notes).toEqual(["1 result of another kind is left out"]);
    const split = report?.isSplitCreated ? ["train", "val"] : [];
    const texts = split.flatMap((name) => {
      try {
        return [label(`${name}/ab12cd34-a.txt`)];
      } catch {
        return [];
      }
    });
    expect(texts).toEqual(["0 0.35 0.5 0.5 0.6\n1 0.35 0.5 0.5 0.6\n"]);
  });

  it("is accepted as JSON-MIN", async () => {
    const tasks = ["a", "b"].map((name) => ({
      image: `/data/upload/1/${name}.png`,
      id: 1,
      label: [{ ...places, ...pixels }],
      annotator: 1,
    }));
    const { report, names } = await converted({ "min.json": JSON.stringify(tasks) }, ["a.png", "b.png"]);
    expect(names).toEqual(["cat"]);
    expect(report?.notes).toEqual([]);
  });
});

describe("LabelMe's JSON", () => {
  it("is converted to boxes from rectangles, circles and polygons", async () => {
    const shape = (shape_type: string, points: readonly (readonly number[])[]) => ({
      label: "cat",
      shape_type,
      points,
    });
    const file = (imagePath: string, shapes: readonly object[]) =>
      JSON.stringify({ version: "5", shapes, imagePath, imageData: null, imageHeight: 50, imageWidth: 100 });
    const { report, label } = await converted(
      {
        "train/a.json": file("..\\train\\a.png", [
          shape("rectangle", [
            [60, 40],
            [10, 10],
          ]),
          shape("line", [
            [1, 1],
            [2, 2],
          ]),
        ]),
        "val/b.json": file("b.png", [
          shape("circle", [
            [50, 25],
            [60, 25],
          ]),
        ]),
        "val/c.json": file("c.png", [
          shape("polygon", [
            [10, 10],
            [60, 10],
            [35, 40],
          ]),
        ]),
      },
      ["train/a.png", "val/b.png", "val/c.png"],
    );
    expect(label("train/a.txt")).toBe("0 0.35 0.5 0.5 0.6\n");
    expect(label("val/b.txt")).toBe("0 0.5 0.5 0.2 0.4\n");
    expect(label("val/c.txt")).toBe("0 0.35 0.5 0.5 0.6\n");
    expect(report?.notes).toEqual(["1 line or point is left out"]);
  });
});

describe("a dataset in YOLO format without a val split", () => {
  it("is split when CVAT exported it", async () => {
    const { report, names } = await converted(
      {
        "data.yaml": "names:\n  0: cat\n  1: dog\npath: .\ntrain: train.txt\n",
        "train.txt": "data/images/train/a.png\n",
        "labels/train/a.txt": "1 0.5 0.5 0.2 0.2\n",
        "labels/train/b.txt": "1 0.5 0.5 0.2 0.2\n",
      },
      ["images/train/a.png", "images/train/b.png"],
    );
    expect(report).toMatchObject({ images: { train: 1, val: 1 }, isSplitCreated: true, notes: [] });
    expect(names).toEqual(["cat", "dog"]);
  });
});
