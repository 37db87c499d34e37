import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet, listShippedPaths } from "../../test/check-set.ts";
import {
  createQuietContext,
  createTemporaryFolder,
  drawSet,
  tinyModel,
  write,
} from "../../test/drawn-set.ts";
import { checkOptions } from "../options/options.ts";
import { checkDataset } from "./check.ts";

const good = () => drawSet(createTemporaryFolder(), { train: 4, val: 2 });

describe("a valid dataset", () => {
  it("passes without findings", async () => {
    const report = await checkSet(good());
    expect(report.findings).toEqual([]);
    expect(report.summary).toBe("4 train + 2 val images, 2 classes");
  });

  it("is shipped as images, labels and a data.yaml, in a stable order", async () => {
    const folder = good();
    const paths = await listShippedPaths(await checkSet(folder));
    expect(paths).toEqual([
      "data.yaml",
      ...[0, 1, 2, 3].map((n) => `images/train/${n}.png`),
      ...[0, 1].map((n) => `images/val/${n}.png`),
      ...[0, 1, 2, 3].map((n) => `labels/train/${n}.txt`),
      ...[0, 1].map((n) => `labels/val/${n}.txt`),
    ]);
    expect(await listShippedPaths(await checkSet(folder))).toEqual(paths);
  });

  it("yields the same entries each time", async () => {
    const report = await checkSet(good());
    expect(await listShippedPaths(report)).toEqual(await listShippedPaths(report));
  });

  it("is not modified", async () => {
    const folder = good();
    const before = listTree(folder);
    await checkSet(folder);
    expect(listTree(folder)).toEqual(before);
  });

  it("is shipped without caches, arrays and unrelated files", async () => {
    const folder = good();
    write(join(folder, "labels/train.cache"), "a pickle");
    write(join(folder, "images/train/0.npy"), "an array");
    write(join(folder, "labels/train/classes.txt"), "circle\nsquare\n");
    write(join(folder, "images/train/._0.png"), "AppleDouble");
    write(join(folder, "notes.docx"), "notes");
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toHaveLength(13);
  });

  it("may contain backgrounds: images without a label or with an empty one", async () => {
    const folder = good();
    rmSync(join(folder, "labels/train/0.txt"));
    write(join(folder, "labels/train/1.txt"), "");
    expect((await checkSet(folder)).findings).toEqual([]);
  });

  it("may contain labels with a byte order mark, CRLF, tabs, blank lines, class 0.0 and rounding errors", async () => {
    const folder = good();
    write(
      join(folder, "labels/train/0.txt"),
      "\uFEFF0.0\t0.5 0.5  0.2 0.2 \r\n\r\n1 1.005 -0.005 0.1 1e-1\r\n",
    );
    expect((await checkSet(folder)).findings).toEqual([]);
  });

  it("is shipped with local weights", async () => {
    const model = write(join(createTemporaryFolder(), "mine.pt"), tinyModel);
    expect(await listShippedPaths(await checkSet(good(), { model }))).toContain("model/mine.pt");
  });
});

describe("checking a dataset", () => {
  it("ends when the caller aborts", async () => {
    const ended = AbortSignal.abort(new Error("enough"));
    const source = { kind: "local", path: good() } as const;
    await expect(checkDataset(source, checkOptions({}), createQuietContext(ended))).rejects.toThrow("enough");
  });

  it.each([
    [{ kind: "none" } as const],
    [{ kind: "named", name: "coco8.yaml" } as const],
    [{ kind: "machine", path: "/data" } as const],
    [{ kind: "url", url: "https://example.com/a.zip", sha256: "00" } as const],
  ])("refuses %j with a hint", async (source) => {
    await expect(checkDataset(source, checkOptions({}), createQuietContext())).rejects.toMatchObject({
      code: "INVALID_DATASET",
      hint: expect.stringContaining("folder"),
    });
  });
});

/** Returns every path with its time and content. */
function listTree(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((path) => {
      const { mtimeMs, mode, size, isFile } = {
        ...statSync(join(folder, path)),
        isFile: statSync(join(folder, path)).isFile(),
      };
      const content = isFile
        ? createHash("sha256")
            .update(readFileSync(join(folder, path)))
            .digest("hex")
        : "";
      return [path, mtimeMs, mode, size, content].join(" ");
    });
}
