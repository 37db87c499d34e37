import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet, listShippedPaths } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, write } from "../../test/drawn-set.ts";

const good = () => drawSet(join(createTemporaryFolder(), "set"), { train: 4, val: 2 });
const warningsFor = async (folder: string) =>
  (await checkSet(folder)).findings.map(({ severity, message }) => `${severity}: ${message}`);

describe("labels in unexpected folders", () => {
  it("are explained when a folder is named Images", async () => {
    const folder = good();
    renameSync(join(folder, "images"), join(folder, "Images"));
    renameSync(join(folder, "labels"), join(folder, "Labels"));
    write(join(folder, "data.yaml"), "train: Images/train\nval: Images/val\nnames: [circle, square]\n");
    expect(await warningsFor(folder)).toEqual([
      expect.stringMatching(
        /^error: train has no labels .* Folders must be called images and labels, and not Images\.$/,
      ),
      expect.stringMatching(/^error: val has no labels .* and not Images\.$/),
    ]);
  });

  it.each([
    ["JPEGImages/train", /Rename .*JPEGImages to images: its labels are in .*labels\.$/],
    ["train", /Move .*train into a folder images: its labels are in .*labels\/train\.$/],
  ])("are explained when the images lie in %s", async (train, message) => {
    const folder = good();
    mkdirSync(dirname(join(folder, train)), { recursive: true });
    renameSync(join(folder, "images/train"), join(folder, train));
    write(join(folder, "data.yaml"), `train: ${train}\nval: images/val\nnames: [circle, square]\n`);
    expect(await warningsFor(folder)).toContainEqual(expect.stringMatching(message));
  });

  it.each([
    ["xml", "Pascal VOC"],
    ["json", "COCO"],
  ])("are explained when there are .%s files: %s", async (suffix, name) => {
    const folder = good();
    for (const split of ["train", "val"])
      for (const label of readdirSync(join(folder, "labels", split)))
        renameSync(
          join(folder, "labels", split, label),
          join(folder, "labels", split, label.replace("txt", suffix)),
        );
    expect((await warningsFor(folder))[0]).toContain(name);
  });

  it("are found beside the images, also below a parent folder named images", async () => {
    const folder = drawSet(join(createTemporaryFolder(), "images", "set"), { train: 2, val: 2 });
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toContain("labels/train/0.txt");
  });
});

describe("labels without an image", () => {
  it("cause no warning when their image is in another split, or not in a list", async () => {
    const folder = good();
    write(join(folder, "data.yaml"), "train: train.txt\nval: images/val\nnames: [circle, square]\n");
    write(join(folder, "train.txt"), "./images/train/0.png\n./images/train/1.png\n");
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    expect(report.summary).toBe("2 train + 2 val images, 2 classes");
  });

  it("are all reported", async () => {
    const folder = good();
    for (let index = 0; index < 20; index++) write(join(folder, `labels/train/gone-${index}.txt`), "");
    expect(await warningsFor(folder)).toEqual(
      Array.from({ length: 20 }, () => "warning: This label has no image."),
    );
  });
});

describe("misspelled labels", () => {
  it("skip their image, but not an image of the same name in another split", async () => {
    const folder = good();
    renameSync(join(folder, "labels/train/0.txt"), join(folder, "labels/train/0.TXT"));
    const paths = await listShippedPaths(await checkSet(folder, { skipBad: true }));
    expect(paths).toContain("images/val/0.png");
    expect(paths).not.toContain("images/train/0.png");
  });
});

describe("two images with one label", () => {
  /** `0.jpg` beside `0.png`. */
  function twins(): string {
    const folder = good();
    write(join(folder, "images/train/0.jpg"), createPlainPng(20));
    return folder;
  }

  it("are both counted and used for training, as in Ultralytics", async () => {
    const folder = twins();
    write(join(folder, "labels/train/0.txt"), "1 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2\n");
    const objects = async () => (await checkSet(folder)).classes?.[1]?.train ?? 0;
    const both = await objects();
    rmSync(join(folder, "images/train/0.jpg"));
    expect(await objects()).toBe(both - 1);
    const paths = await listShippedPaths(await checkSet(twins()));
    expect(paths.filter((path) => path === "labels/train/0.txt")).toHaveLength(1);
  });

  it("are both skipped when the label is damaged, and one keeps it when the other image is damaged", async () => {
    const damagedLabel = twins();
    write(join(damagedLabel, "labels/train/0.txt"), "0 nan 0.5 0.2 0.2\n");
    const paths = await listShippedPaths(await checkSet(damagedLabel, { skipBad: true }));
    expect(paths.filter((path) => path.includes("train/0."))).toEqual([]);
    for (const name of ["0.jpg", "0.png"]) {
      const damagedImage = twins();
      write(join(damagedImage, "images/train", name), "");
      expect(await listShippedPaths(await checkSet(damagedImage, { skipBad: true }))).toContain(
        "labels/train/0.txt",
      );
    }
  });
});

describe("images of val that are also in train", () => {
  it("are found by content, with a warning", async () => {
    const folder = good();
    for (const kind of ["images", "labels"]) {
      const suffix = kind === "images" ? "png" : "txt";
      copyFileSync(join(folder, kind, `train/0.${suffix}`), join(folder, kind, `val/copy.${suffix}`));
    }
    expect(await warningsFor(folder)).toEqual([
      expect.stringMatching(/^warning: 1 of 3 images of val is in train too, this one as .*0\.png/),
    ]);
  });

  it("cause a warning when one split is inside the other", async () => {
    const folder = good();
    write(join(folder, "data.yaml"), "train: images\nval: images/val\nnames: [circle, square]\n");
    expect(await warningsFor(folder)).toEqual([
      expect.stringContaining("All images of val are in train too"),
    ]);
  });

  it("are compared beyond their beginning", async () => {
    const folder = good();
    // The files have the same size and the same beginning, but another end.
    const images = [0, 1].map((grey) => {
      const bytes = Buffer.alloc(54 + 64 * 64 * 3);
      bytes.write("BM");
      bytes.writeUInt32LE(bytes.length, 2);
      bytes.writeUInt32LE(54, 10);
      bytes.writeUInt32LE(40, 14);
      bytes.writeInt32LE(64, 18);
      bytes.writeInt32LE(64, 22);
      return bytes.fill(grey, bytes.length - 100);
    });
    for (const [index, split] of ["train", "val"].entries()) {
      write(join(folder, `images/${split}/x.bmp`), images[index] ?? "");
      write(join(folder, `labels/${split}/x.txt`), "0 0.5 0.5 0.2 0.2\n");
    }
    expect(await warningsFor(folder)).toEqual([]);
  });
});

describe("images that YOLO ignores", () => {
  it.each([
    ["x.gif", "GIF89a", ".gif files"],
    ["x.jfif", createPlainPng(), ".jfif files"],
    ["x.pfm", "PF\n", ".pfm files"],
    ["x", createPlainPng(), "its name has no suffix"],
    ["x.jpg_large", createPlainPng(), "it does not know the suffix .jpg_large"],
  ])("cause a warning: %s", async (name, content, message) => {
    const folder = good();
    write(join(folder, "images/train", name), content);
    expect(await warningsFor(folder)).toEqual([expect.stringContaining(message)]);
  });

  it.each(["Makefile", "x.bak", "labels.csv", ".hidden.png", "x.npy", "Thumbs.db"])(
    "are not confused with other files: %s",
    async (name) => {
      const folder = good();
      write(join(folder, "images/train", name), name.startsWith(".") ? createPlainPng() : "text");
      expect(await warningsFor(folder)).toEqual([]);
    },
  );
});

describe("a list of images", () => {
  it("can have any suffix, and causes a warning where it repeats an image", async () => {
    const folder = good();
    write(join(folder, "data.yaml"), "train: train.lst\nval: images/val\nnames: [circle, square]\n");
    const file = write(
      join(folder, "train.lst"),
      "./images/train/0.png\n./images/train/1.png\n./images/train/0.png\n",
    );
    const report = await checkSet(folder);
    expect(report.findings).toEqual([
      {
        severity: "warning",
        file,
        line: 3,
        message: "./images/train/0.png is listed twice, and is used once.",
      },
    ]);
    expect(await listShippedPaths(report)).toContain("images/train/1.png");
  });
});

describe("a list from another machine", () => {
  it.each([
    ["absolute paths", "/content/set/images/train/0.png\n/content/set/images/train/1.png\n"],
    ["paths of Windows", "C:\\data\\images\\train\\0.png\r\nC:\\data\\images\\train\\1.png\r\n"],
    ["the slashes of Windows", "images\\train\\0.png\r\n.\\images\\train\\1.png\r\n"],
    ["a folder more, as CVAT writes them", "data/images/train/0.png\ndata/images/train/1.png\n"],
    ["UTF-16", Buffer.from("\uFEFFimages/train/0.png\r\nimages/train/1.png\r\n", "utf16le")],
  ])("is read with %s, with one warning at most", async (_what, content) => {
    const folder = good();
    write(join(folder, "data.yaml"), "train: train.txt\nval: images/val\nnames: [circle, square]\n");
    write(join(folder, "train.txt"), content);
    const report = await checkSet(folder);
    expect(report.summary).toBe("2 train + 2 val images, 2 classes");
    expect(report.findings.length).toBeLessThan(2);
    expect(report.findings.every(({ severity }) => severity === "warning")).toBe(true);
  });
});

describe("finding data.yaml", () => {
  it("finds it one folder deeper, with a warning", async () => {
    const folder = good();
    expect((await checkSet(dirname(folder))).findings).toMatchObject([
      { severity: "warning", file: join(folder, "data.yaml") },
    ]);
  });

  it("takes the one of several that has the name of the folder", async () => {
    const folder = good();
    renameSync(join(folder, "data.yaml"), join(folder, "set.yaml"));
    write(join(folder, "other.yaml"), "x: 1\n");
    expect((await checkSet(folder)).findings).toEqual([]);
  });

  it("refuses a damaged archive, and a kind of archive that is not unpacked", async () => {
    const file = write(join(createTemporaryFolder(), "set.zip"), "PK");
    await expect(checkSet(file)).rejects.toMatchObject({
      code: "INVALID_DATASET",
      hint: "Unpack it, then name its folder.",
    });
    const tar = write(join(createTemporaryFolder(), "set.tar"), "x");
    await expect(checkSet(tar)).rejects.toMatchObject({ hint: "Unpack it and name its folder." });
  });

  it("hints at a zip in the folder, and at adding data.yaml beside labels", async () => {
    const folder = createTemporaryFolder();
    const zip = write(join(folder, "archive/set.zip"), "PK");
    await expect(checkSet(folder)).rejects.toMatchObject({ hint: `Name the zip in it: ${zip}` });
    const bare = good();
    rmSync(join(bare, "data.yaml"));
    await expect(checkSet(bare)).rejects.toMatchObject({
      hint: expect.stringContaining("add a data.yaml"),
    });
  });

  it("warns which folder is used when its path exists in two places", async () => {
    const folder = good();
    // Takes any folder in the working folder of the tests.
    const [anotherFile] = readdirSync(process.cwd(), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const name = anotherFile?.name ?? "";
    mkdirSync(join(folder, name));
    for (const kind of ["images", "labels"]) renameSync(join(folder, kind), join(folder, name, kind));
    write(join(folder, "data.yaml"), `path: ${name}\ntrain: .\nval: images/val\nnames: [circle, square]\n`);
    const messages = await warningsFor(folder);
    expect(messages).toContainEqual(expect.stringContaining(`warning: path is ${name}, which exists twice`));
    expect(messages.some((message) => message.startsWith("error"))).toBe(false);
  });
});

describe("a class without a name", () => {
  it.each(['names: ["", b]', "names: [a, ' ']"])("is named by its id, with a warning: %s", async (names) => {
    const folder = good();
    write(join(folder, "data.yaml"), `train: images/train\nval: images/val\n${names}\n`);
    expect(await warningsFor(folder)).toEqual([
      expect.stringMatching(/^warning: The class [01] has no name: it is called class_[01]\.$/),
    ]);
  });

  it("is explained when the ids of names count from 1", async () => {
    const folder = good();
    write(join(folder, "data.yaml"), "train: images/train\nval: images/val\nnames: {1: circle, 2: square}\n");
    rmSync(join(folder, "labels/train/0.txt"));
    expect(await warningsFor(folder)).toEqual([
      expect.stringContaining("they count from 1, but ids count from 0"),
    ]);
  });
});
