import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSet, listShippedPaths } from "../../test/check-set.ts";
import { createTemporaryFolder, drawSet } from "../../test/drawn-set.ts";
import { unpackZip } from "./archive.ts";
import { Yielder } from "./yielder.ts";

const yielder = () => new Yielder(new AbortController().signal);

/** Writes malformed zips: each entry has a name, a text, and may be a link. */
function zip(entries: readonly (readonly [name: string, text: string, isLink?: boolean])[]): string {
  const file = join(createTemporaryFolder(), "set.zip");
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as out:
    for name, text, link in json.load(sys.stdin):
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (0o120777 if link else 0o100644) << 16
        out.writestr(info, text)
`;
  execFileSync("python3", ["-c", script, file], {
    input: JSON.stringify(entries.map(([name, text, isLink]) => [name, text, isLink === true])),
  });
  return file;
}

describe("a zip", () => {
  it("from Roboflow is accepted as it is", async () => {
    const set = drawSet(join(createTemporaryFolder(), "set"), { train: 3, val: 2 });
    const file = join(createTemporaryFolder(), "pallets.v1i.yolov11.zip");
    execFileSync("python3", [
      "-m",
      "zipfile",
      "-c",
      file,
      ...readdirSync(set).map((name) => join(set, name)),
    ]);
    const cache = join(createTemporaryFolder(), "cache");
    const before = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = cache;
    try {
      const report = await checkSet(file);
      expect(report.findings).toEqual([]);
      expect(report.summary).toBe("3 train + 2 val images, 2 classes");
      expect(await listShippedPaths(report)).toContain("labels/val/1.txt");
      const folder = await unpackZip(file, yielder());
      expect(await unpackZip(file, yielder())).toBe(folder);
      expect(readdirSync(join(cache, "unitrain/1/datasets"))).toHaveLength(1);
      // In a folder of the zip, in a zip of the zip: findings name the zip that the user passed.
      const outer = join(createTemporaryFolder(), "outer.zip");
      execFileSync("python3", ["-m", "zipfile", "-c", outer, file]);
      expect((await checkSet(outer)).summary).toBe(report.summary);
      const inFolder = join(createTemporaryFolder(), "folder.zip");
      execFileSync("python3", ["-m", "zipfile", "-c", inFolder, set]);
      expect((await checkSet(inFolder)).findings).toMatchObject([
        {
          file: join(inFolder, "set/data.yaml"),
          message: `${inFolder} has no data.yaml; this file is used instead.`,
        },
      ]);
    } finally {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    }
  });

  it.each([
    ["a name that leads out", [["../out.txt", "x"]]],
    ["an absolute name", [["/tmp/out.txt", "x"]]],
    ["a link", [["data.yaml", "/etc/passwd", true]]],
    [
      "the same name twice",
      [
        ["a.txt", "x"],
        ["a.txt", "y"],
      ],
    ],
  ] as const)("is refused for %s, and leaves no files", async (_what, entries) => {
    const cache = createTemporaryFolder();
    await expect(unpackZip(zip(entries), yielder(), cache)).rejects.toMatchObject({
      code: "INVALID_DATASET",
    });
    expect(readdirSync(cache)).toEqual([]);
    expect(existsSync(join(cache, "../out.txt"))).toBe(false);
  });

  it("in another format is named in the error", async () => {
    const file = zip([["annotations/instances.json", '{"info": {}, "images": [], "annotations": []}']]);
    const before = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = createTemporaryFolder();
    try {
      await expect(checkSet(file)).rejects.toMatchObject({
        message: expect.stringContaining(`${file} is a COCO dataset`),
        hint: expect.stringContaining(`unitrain init --data ${file}`),
      });
    } finally {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    }
  });

  it("that expands to far more than its size is refused before it is unpacked", async () => {
    const file = join(createTemporaryFolder(), "bomb.zip");
    // Only the directory of the zip claims two gigabytes, since writing as many would take seconds.
    const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as out:
    out.writestr("zeros.png", bytes(1 << 20))
    out.filelist[0].file_size = 2 << 30
`;
    execFileSync("python3", ["-c", script, file]);
    await expect(unpackZip(file, yielder(), createTemporaryFolder())).rejects.toThrow(/would expand to/);
  });
});
