import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPlainPng, createTemporaryFolder, write } from "../../test/drawn-set.ts";
import { createGrayTiff, findSegmentOffsets, insertBytes } from "../../test/odd-images.ts";
import { inspectImage } from "./image-file.ts";
import { ReadingBudget } from "./reading-budget.ts";

const images = new URL("../../test/images/", import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, images));
const findFault = (content: Uint8Array | string): string | undefined =>
  inspectImage(write(join(createTemporaryFolder(), "x.jpg"), content)).fault;

const kinds = readdirSync(images).filter((name) => !name.endsWith(".gif"));

describe("an image", () => {
  it.each(kinds)("accepts a complete %s", (name) => {
    expect(findFault(read(name))).toBeUndefined();
  });

  it.each(kinds)("finds that %s is truncated", (name) => {
    const complete = read(name);
    // A fifth of the file is missing, or only the last bytes.
    for (const length of [Math.floor(complete.length * 0.8), complete.length - 3]) {
      // The last bytes of a TIFF belong to its directory, after which only padding is allowed.
      expect(findFault(complete.subarray(0, length)), `${name} cut to ${length}`).toContain("truncated");
    }
  });

  it.each(["baseline.jpg", "progressive.jpg", "thumbnail.jpg", "plain.png"])(
    "accepts %s with extra bytes at its end",
    (name) => {
      for (const extra of [1, 1000, 200_000])
        expect(findFault(Buffer.concat([read(name), Buffer.alloc(extra, 7)]))).toBeUndefined();
    },
  );

  it("finds that an image is truncated although its thumbnail is complete", () => {
    const complete = read("thumbnail.jpg");
    const pixels = complete.lastIndexOf(Buffer.from([0xff, 0xda]));
    expect(findFault(complete.subarray(0, pixels + 40))).toContain("truncated");
    expect(findFault(complete.subarray(0, 500))).toContain("truncated");
  });

  it("recognizes the format by content, not by name", () => {
    expect(findFault(createPlainPng())).toBeUndefined();
    expect(findFault(read("animated.gif"))).toContain("This is a GIF");
  });

  it.each([
    ["zeros", Buffer.alloc(5000), "zeros"],
    ["HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "HEIC"],
    ["a few bytes of a JPEG", Buffer.from([0xff, 0xd8]), "truncated"],
    ["a few bytes of a BMP", Buffer.from("BM"), "truncated"],
    ["a few bytes of a TIFF", Buffer.from("II*\0"), "truncated"],
    ["a TIFF that points behind its end", Buffer.from("II*\0\xff\xff\xff\x7f", "latin1"), "truncated"],
    ["a few bytes of a WebP", Buffer.from("RIFF\0\0\0\0WEBP"), "truncated"],
  ])("refuses %s", (_what, content, fault) => {
    expect(findFault(content)).toContain(fault);
  });

  // Cameras, scanners and editors write such bytes; libjpeg skips any number of them.
  it.each(["baseline.jpg", "progressive.jpg"])("accepts %s with junk between its segments", (name) => {
    const complete = read(name);
    const [, ...places] = findSegmentOffsets(complete);
    expect(places.length).toBeGreaterThan(3);
    for (const at of places)
      for (const junk of ["\0\0\0", "text", "\xFF\xFF", "\xFF\0", "\xFF\xD0", "\0".repeat(200_000)])
        expect(findFault(insertBytes(complete, at, Buffer.from(junk, "latin1"))), `${at}`).toBeUndefined();
  });

  it("refuses a JPEG whose start marker is followed by junk or by another start marker", () => {
    expect(findFault(insertBytes(read("baseline.jpg"), 2, Buffer.from("junk")))).toContain("not an image");
    expect(findFault(insertBytes(read("baseline.jpg"), 2, Buffer.from([0xff, 0xd8])))).toContain("decoded");
  });

  it("accepts a BigTIFF, except in big-endian, which Pillow does not open", () => {
    expect(findFault(createGrayTiff({ isLittle: false }))).toContain("This is a big-endian BigTIFF");
    expect(findFault(createGrayTiff({ isLittle: false, isBig: false }))).toBeUndefined();
    const complete = createGrayTiff();
    expect(findFault(complete)).toBeUndefined();
    expect(findFault(Buffer.concat([complete, Buffer.alloc(100, 7)]))).toBeUndefined();
    for (const length of [complete.length - 30, 300, 100, 12])
      expect(findFault(complete.subarray(0, length)), String(length)).toContain("truncated");
  });

  it.each([
    ["32 bits a sample", { bitsPerSample: 32 }],
    ["LZMA", { compression: 34925 }],
    ["Zstandard", { compression: 50000 }],
  ] as const)("refuses what Pillow opens and OpenCV cannot decode: TIFF, %s", (description, form) => {
    for (const isBig of [true, false])
      expect(findFault(createGrayTiff({ ...form, isBig }))).toContain(description);
    expect(findFault(createGrayTiff({ bitsPerSample: 16, isBig: false }))).toBeUndefined();
  });

  it("accepts a BMP with a wrong file size, and a PNG with a wrong last checksum", () => {
    const bmp = Buffer.from(read("plain.bmp"));
    bmp.writeUInt32LE(bmp.length + 5000, 2);
    expect(findFault(bmp)).toBeUndefined();
    expect(findFault(bmp.subarray(0, bmp.length - 40))).toContain("truncated");
    const png = Buffer.from(read("plain.png"));
    png[png.length - 1] = (png.at(-1) ?? 0) ^ 0xff;
    const file = write(join(createTemporaryFolder(), "x.png"), png);
    expect(inspectImage(file, new ReadingBudget()).fault).toBeUndefined();
  });

  it.each(["small.avif", "bare.jp2", "boxed.jp2"])("refuses %s for an older Ultralytics", (name) => {
    const file = write(join(createTemporaryFolder(), "x.jpg"), read(name));
    const faultFor = (version: string) => inspectImage(file, new ReadingBudget(), version).fault;
    expect(faultFor("8.3.100")).toContain("which Ultralytics 8.3.100 does not read");
    expect(faultFor("8.4.7")).toBeUndefined();
  });

  it("refuses an image that is too small for YOLO, with its size", () => {
    expect(findFault(createPlainPng(10, 10))).toBeUndefined();
    expect(findFault(createPlainPng(100, 9))).toContain("100x9");
  });

  it.each([
    ["lossless.webp", 24],
    ["lossy.webp", 26],
  ])("reads the size of %s", (name, at) => {
    const bytes = Buffer.from(read(name));
    if (name === "lossy.webp") bytes.writeUInt16LE(9, at);
    expect(findFault(bytes)).toEqual(
      name === "lossy.webp" ? expect.stringContaining("9x12 pixels") : undefined,
    );
  });

  it("refuses more pixels than Pillow accepts", () => {
    const bytes = Buffer.from(read("plain.bmp"));
    bytes.writeInt32LE(20_000, 18);
    bytes.writeInt32LE(-9_000, 22);
    expect(findFault(bytes)).toContain("20000x9000 pixels; YOLO drops images over 178 million pixels.");
  });

  it("finds damage in the header of a PNG always, and in its pixels while time remains", () => {
    const folder = createTemporaryFolder();
    const complete = createPlainPng();
    const spoiled = (at: number) => {
      const bytes = Buffer.from(complete);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      return write(join(folder, `${at}.png`), bytes);
    };
    expect(inspectImage(spoiled(24)).fault).toContain("is damaged");
    const pixels = spoiled(complete.indexOf("IDAT") + 10);
    expect(inspectImage(pixels, new ReadingBudget()).fault).toContain("is damaged");
    expect(inspectImage(pixels, new ReadingBudget(10)).fault).toBeUndefined();
    expect(inspectImage(write(join(folder, "x.png"), complete), new ReadingBudget()).fault).toBeUndefined();
    const longer = Buffer.concat([complete, Buffer.from("more")]);
    expect(inspectImage(write(join(folder, "y.png"), longer), new ReadingBudget()).fault).toBeUndefined();
  });

  it.each([
    ["%PDF-1.4", "a PDF"],
    ["8BPS\0", "a Photoshop file"],
    ["P6\n4 4\n", "a PPM image"],
    ["PK\x03\x04", "a zip archive"],
  ])("refuses bytes that YOLO cannot read: %j", (content, name) => {
    expect(findFault(content)).toBe(`This is ${name}, which YOLO does not read: convert it to JPEG or PNG.`);
  });

  it("returns a fault when a file cannot be opened or read", () => {
    const folder = createTemporaryFolder();
    const fault = (code: string) => ({
      sizeBytes: 0,
      key: expect.any(Number),
      fault: `This file cannot be read (${code}).`,
    });
    expect(inspectImage(join(folder, "gone.jpg"))).toEqual(fault("ENOENT"));
    expect(inspectImage(folder)).toEqual(fault("EISDIR"));
  });
});
