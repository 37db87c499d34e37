import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { groupFindings } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { checkFully, listShippedPaths } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, listEntries, write } from "../../test/drawn-set.ts";

const image = createPlainPng(12, 12);

/** 198 images, so that two of 200 are 1 %. They are copies of one, because drawing each would take seconds. */
function largeSet(): string {
  const folder = createTemporaryFolder();
  for (const [split, count] of [
    ["train", 150],
    ["val", 48],
  ] as const) {
    for (const kind of ["images", "labels"]) mkdirSync(join(folder, kind, split), { recursive: true });
    for (let at = 0; at < count; at++) {
      // Extra bytes at the end make the files differ.
      writeFileSync(
        join(folder, `images/${split}/${at}.png`),
        Buffer.concat([image, Buffer.from(`${split}${at}`)]),
      );
      writeFileSync(join(folder, `labels/${split}/${at}.txt`), "0 0.5 0.5 0.5 0.5\n");
    }
  }
  write(join(folder, "data.yaml"), "train: images/train\nval: images/val\nnames: [a, b]\n");
  return folder;
}

/** Adds images that cannot be trained on. */
function spoil(folder: string, count: number, label = "0 0.5 nan 0.1 0.1\n"): void {
  for (let at = 0; at < count; at++) {
    write(join(folder, `images/train/bad-${at}.png`), Buffer.concat([image, Buffer.from(`bad${at}`)]));
    write(join(folder, `labels/train/bad-${at}.txt`), label);
  }
}

describe("a few damaged files", () => {
  it("are skipped with a warning that counts and names them", async () => {
    const folder = largeSet();
    spoil(folder, 1);
    const cut = write(join(folder, "images/train/cut.png"), image.subarray(0, 40));
    write(join(folder, "labels/train/cut.txt"), "0 0.5 0.5 0.5 0.5\n");
    const report = await checkFully(folder);
    expect(report.findings).toMatchObject([
      { kind: "numbers", severity: "warning", file: join(folder, "labels/train/bad-0.txt"), line: 1 },
      { kind: "images", severity: "warning", file: cut },
      {
        kind: "images left out",
        severity: "warning",
        message: expect.stringContaining("2 of 200 images (1.0 %) are not uploaded"),
      },
    ]);
    const paths = await listShippedPaths(report);
    expect(paths.filter((path) => /bad|cut/.test(path))).toEqual([]);
    expect(paths).toHaveLength(1 + 2 * 198);
    expect(report.summary).toBe("150 train + 48 val images, 2 classes, 2 left out");
    expect(report.classes).toEqual([
      { name: "a", train: 150, val: 48 },
      { name: "b", train: 0, val: 0 },
    ]);
  });

  it("are errors above 1 %, unless --skip-bad is set", async () => {
    const folder = largeSet();
    spoil(folder, 3);
    const { findings } = await checkFully(folder);
    expect(groupFindings(findings)).toMatchObject([
      { kind: "numbers", severity: "error", files: 3, rows: 3 },
      { kind: "images left out", severity: "error" },
    ]);
    expect(findings.at(-1)?.message).toContain("--skip-bad");
    const skipped = await checkFully(folder, { skipBad: true });
    expect(skipped.findings.every(({ severity }) => severity === "warning")).toBe(true);
    expect((await listShippedPaths(skipped)).filter((path) => path.includes("bad"))).toEqual([]);
  });

  it("are errors with --strict, like every warning", async () => {
    const folder = largeSet();
    spoil(folder, 1);
    write(join(folder, "labels/train/gone.txt"), "");
    const { findings } = await checkFully(folder, { strict: true });
    expect(findings.map(({ severity }) => severity)).toEqual(["error", "error", "error"]);
  });

  it("are errors when one has an unknown class, even below 1 %", async () => {
    const folder = largeSet();
    spoil(folder, 1, "7 0.5 0.5 0.1 0.1\n");
    expect((await checkFully(folder)).findings).toMatchObject([
      { kind: "class ids", severity: "error", line: 1 },
      { kind: "images left out", severity: "error", message: expect.stringContaining("--skip-bad") },
    ]);
    const { findings } = await checkFully(folder, { skipBad: true });
    expect(findings.map(({ severity }) => severity)).toEqual(["warning", "warning"]);
  });
});

describe("damage that is never skipped", () => {
  it.each([
    ["most labels cannot be read", "0 0.5 0.5 0.1 nan\n", "most of the split would be lost"],
    ["ids count from 1", "1 0.5 0.5 0.1 0.1\n2 0.5 0.5 0.1 0.1\n", "they count from 1"],
  ])("is an error even with --skip-bad: %s", async (_what, label, message) => {
    const folder = largeSet();
    for (const [split, count] of [
      ["train", 150],
      ["val", 48],
    ] as const)
      for (let at = 0; at < count; at++) writeFileSync(join(folder, `labels/${split}/${at}.txt`), label);
    const { findings } = await checkFully(folder, { skipBad: true });
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors[0]?.message).toContain(message);
  });
});

describe("other damage", () => {
  it("is skipped too: a label that is a folder, a misspelled label, a list entry without an image", async () => {
    const folder = largeSet();
    spoil(folder, 2);
    rmSync(join(folder, "labels/train/bad-0.txt"));
    mkdirSync(join(folder, "labels/train/bad-0.txt"));
    rmSync(join(folder, "labels/train/bad-1.txt"));
    write(join(folder, "labels/train/bad-1.TXT"), "0 0.5 0.5 0.1 0.1\n");
    const list = Array.from({ length: 150 }, (_, at) => `./images/train/${at}.png`);
    write(
      join(folder, "train.txt"),
      [...list, "./images/train/bad-0.png", "./images/train/bad-1.png", "./images/train/gone.png"].join("\n"),
    );
    write(join(folder, "data.yaml"), "train: train.txt\nval: images/val\nnames: [a, b]\n");
    const report = await checkFully(folder, { skipBad: true });
    expect(report.findings.map(({ kind }) => kind).sort()).toEqual([
      "images left out",
      "labels",
      "lines of a list",
      "spelling of labels",
    ]);
    expect((await listShippedPaths(report)).filter((path) => /bad|gone/.test(path))).toEqual([]);
    expect(report.summary).toBe("150 train + 48 val images, 2 classes, 3 left out");
  });
});

describe("boxes and outlines in one label file", () => {
  it("are uploaded as boxes, while the user's file is unchanged", async () => {
    const folder = largeSet();
    const text = "0 0.5 0.5 0.2 0.2\n1 0.1 0.2 0.5 0.2 0.5 0.6 0.1 0.6\n1 -0.005 0.1 0.3 0.1 0.3 0.4\n";
    const file = write(join(folder, "labels/train/7.txt"), text);
    const report = await checkFully(folder);
    expect(report.findings.map(({ kind, severity }) => `${severity} ${kind}`)).toEqual([
      "warning outlines",
      "warning mixed boxes and outlines",
    ]);
    const entry = (await listEntries(report.manifest)).find(({ path }) => path === "labels/train/7.txt");
    const bytes = entry !== undefined && "bytes" in entry.from ? entry.from.bytes : undefined;
    expect(new TextDecoder().decode(bytes)).toBe(
      "0 0.5 0.5 0.2 0.2\n1 0.3 0.4 0.4 0.4\n1 0.15 0.25 0.3 0.3\n",
    );
    expect(entry?.sizeBytes).toBe(bytes?.length);
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});
