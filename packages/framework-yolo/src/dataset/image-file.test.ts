import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainPng, temporaryFolder, write } from "../__fixtures__/drawn-set.ts";
import { inspectImage } from "./image-file.ts";

const pictures = new URL("../__fixtures__/pictures/", import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, pictures));
const faultOf = (content: Uint8Array | string): string | undefined =>
  inspectImage(write(join(temporaryFolder(), "x.jpg"), content)).fault;

const kinds = readdirSync(pictures).filter((name) => !name.endsWith(".gif"));

describe("a picture", () => {
  it.each(kinds)("%s is whole", (name) => {
    expect(faultOf(read(name))).toBeUndefined();
  });

  it.each(kinds)("%s is noticed when a piece is missing at its end", (name) => {
    const whole = read(name);
    // Half of the pixels are gone, or just the last bytes.
    for (const length of [Math.floor(whole.length * 0.8), whole.length - 3]) {
      // A TIFF's last bytes are its directory's, which only padding may follow.
      expect(faultOf(whole.subarray(0, length)), `${name} cut to ${length}`).toContain("cut off");
    }
  });

  it.each(["baseline.jpg", "progressive.jpg", "thumbnail.jpg", "plain.png"])(
    "%s may have bytes behind its end",
    (name) => {
      for (const extra of [1, 1000, 200_000])
        expect(faultOf(Buffer.concat([read(name), Buffer.alloc(extra, 7)]))).toBeUndefined();
    },
  );

  it("is not taken for whole because its thumbnail is", () => {
    const whole = read("thumbnail.jpg");
    const pixels = whole.lastIndexOf(Buffer.from([0xff, 0xda]));
    expect(faultOf(whole.subarray(0, pixels + 40))).toContain("cut off");
    expect(faultOf(whole.subarray(0, 500))).toContain("cut off");
  });

  it("is told by its content and not by its name", () => {
    expect(faultOf(plainPng())).toBeUndefined();
    expect(faultOf(read("animated.gif"))).toContain("This is a GIF");
  });

  it.each([
    ["zeros", Buffer.alloc(5000), "zeros"],
    ["HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "HEIC"],
    ["a few bytes of a JPEG", Buffer.from([0xff, 0xd8]), "cut off"],
    ["a few bytes of a BMP", Buffer.from("BM"), "cut off"],
    ["a few bytes of a TIFF", Buffer.from("II*\0"), "cut off"],
    ["a TIFF that points behind its end", Buffer.from("II*\0\xff\xff\xff\x7f", "latin1"), "cut off"],
    ["a few bytes of a WebP", Buffer.from("RIFF\0\0\0\0WEBP"), "cut off"],
  ])("is none: %s", (_what, content, fault) => {
    expect(faultOf(content)).toContain(fault);
  });

  it("that is too small for YOLO is told with its size", () => {
    expect(faultOf(plainPng(10, 10))).toBeUndefined();
    expect(faultOf(plainPng(100, 9))).toContain("100x9");
  });

  it("that cannot be opened or read is a fault, not an error", () => {
    const folder = temporaryFolder();
    const fault = (code: string) => ({
      sizeBytes: 0,
      key: expect.any(String),
      fault: `This file cannot be read (${code}).`,
    });
    expect(inspectImage(join(folder, "gone.jpg"))).toEqual(fault("ENOENT"));
    expect(inspectImage(folder)).toEqual(fault("EISDIR"));
  });
});
