import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawDataset, getDemoFolder } from "./dataset.ts";
import { imageSize } from "./image.ts";

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "unitrain demo "));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("the demo's dataset", () => {
  it("is drawn once, the same every time, with a label for each image", async () => {
    const folder = join(scratch, "one", "shapes");
    expect(await drawDataset(folder)).toEqual({ isDrawn: true });
    const before = await stat(join(folder, "images", "train", "001.png"));
    expect(await drawDataset(folder)).toEqual({ isDrawn: false });
    expect((await stat(join(folder, "images", "train", "001.png"))).mtimeMs).toBe(before.mtimeMs);

    for (const [split, count] of [
      ["train", 128],
      ["val", 32],
    ] as const) {
      const images = await readdir(join(folder, "images", split));
      const labels = await readdir(join(folder, "labels", split));
      expect(images).toHaveLength(count);
      expect(labels.map((name) => name.replace(".txt", ".png"))).toEqual(images);
    }
    await drawDataset(join(scratch, "two"));
    expect(await computeDigest(join(scratch, "two"))).toBe(await computeDigest(folder));
    expect(await readdir(join(scratch, "one"))).toEqual(["shapes"]);
  });

  it("has boxes around what was drawn, and only there", async () => {
    const folder = join(scratch, "one", "shapes");
    for (const name of ["001", "002", "003"]) {
      const png = PNG.sync.read(await readFile(join(folder, "images", "val", `${name}.png`)));
      const labels = (await readFile(join(folder, "labels", "val", `${name}.txt`), "utf8"))
        .trimEnd()
        .split("\n");
      expect(labels.length).toBeGreaterThanOrEqual(1);
      expect(labels.length).toBeLessThanOrEqual(3);
      const boxes = labels.map((line) => line.split(" ").map(Number));
      for (const [kind = -1, ...box] of boxes) {
        expect([0, 1]).toContain(kind);
        for (const share of box) expect(share > 0 && share < 1).toBe(true);
      }
      for (let at = 0; at < imageSize ** 2; at += 1) {
        const bright = (png.data[at * 4] ?? 0) > 70;
        const [x, y] = [((at % imageSize) + 0.5) / imageSize, (Math.floor(at / imageSize) + 0.5) / imageSize];
        const boxed = boxes.some(
          ([, left = 0, top = 0, width = 0, height = 0]) =>
            Math.abs(x - left) <= width / 2 && Math.abs(y - top) <= height / 2,
        );
        if (bright) expect(boxed).toBe(true);
      }
    }
  });

  it("lies in the user's cache, not in the checkout", () => {
    expect(getDemoFolder({ XDG_CACHE_HOME: "/my cache" })).toBe("/my cache/unitrain/demo/shapes-1");
  });
});

async function computeDigest(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    hash.update(name);
    if ((await stat(path)).isFile()) hash.update(await readFile(path));
  }
  return hash.digest("hex");
}
