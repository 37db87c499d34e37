import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkSet } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, listEntries, write } from "../../test/drawn-set.ts";
import { createGrayTiff, findSegmentOffsets, insertBytes } from "../../test/odd-images.ts";
import { prepareOraclePython } from "../../test/oracle-python.ts";
import { drawSetFor } from "../../test/task-set.ts";
import type { Task } from "../options/tasks.ts";
import { testedVersion } from "../options/version.ts";
import { inspectImage } from "./image-file.ts";
import { ReadingBudget } from "./reading-budget.ts";

/** Missing environments are installed, which takes gigabytes. */
const installTimeout = 15 * 60_000;

/** Opens datasets as the training does, and counts images and objects (or images of a class) per split and class. */
const opening = `
import collections, json, sys
from ultralytics.cfg import get_cfg
from ultralytics.data.dataset import ClassificationDataset, YOLODataset
from ultralytics.data.utils import check_cls_dataset, check_det_dataset

def open_split(task, found, split):
    if task == "classify":
        samples = ClassificationDataset(str(found[split]), get_cfg(), augment=split == "train").samples
        return [len(samples), collections.Counter(sample[1] for sample in samples)]
    labels = YOLODataset(img_path=found[split], data=found, task=task, augment=False, cache=False).labels
    return [len(labels), collections.Counter(int(row[0]) for label in labels for row in label["cls"])]

answers = {}
for task, data in json.loads(sys.argv[1]).items():
    found = check_cls_dataset(data) if task == "classify" else check_det_dataset(data, autodownload=False)
    splits = {split: open_split(task, found, split) for split in ("train", "val")}
    answers[task] = [list(found["names"].values()), splits]
print("ANSWER" + json.dumps(answers))
`;

function ask(python: string, script: string, ...words: readonly string[]): unknown {
  const home = createTemporaryFolder();
  const output = execFileSync(python, ["-c", script, ...words], {
    cwd: home,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, YOLO_CONFIG_DIR: home, YOLO_OFFLINE: "true", YOLO_AUTOINSTALL: "false" },
  });
  return JSON.parse(output.slice(output.indexOf("ANSWER") + "ANSWER".length));
}

/** Checks a dataset and lays out the shipped files as on a machine; returns the path that is opened there. */
async function shipped(folder: string, task: Task) {
  const report = await checkSet(folder, { task });
  expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const target = join(createTemporaryFolder(), "images", "data");
  for (const { path, from } of await listEntries(report.manifest))
    write(join(target, path), "bytes" in from ? from.bytes : readFileSync(from.file));
  if (task === "classify") return { report, data: target };
  const text = `path: ${JSON.stringify(target)}\n${readFileSync(join(target, "data.yaml"), "utf8")}`;
  return { report, data: write(join(target, "../final.yaml"), text) };
}

/** A valid dataset with everything that is accepted without a finding, or with a warning. */
function oddSet(task: Task): string {
  const folder = drawSetFor(task, join(createTemporaryFolder(), "set"), { train: 6, val: 4 });
  if (task === "classify") {
    write(join(folder, "train/square/._1.png"), "\0\x05\x16\x07");
    write(join(folder, "train/.trash/x.png"), createPlainPng());
    write(join(folder, "train/arc/.gitkeep"), "");
    write(join(folder, "train/circle/deep/a\nb'$(id).png"), createPlainPng(20));
    return folder;
  }
  const [first = ""] = readFileSync(join(folder, "labels/train/0.txt"), "utf8").split("\n");
  for (const [index, name] of [
    "new\nline",
    "$(id)",
    "-rf",
    "caf\u00e9",
    "cafe\u0301",
    "a.b.c",
    "'q\"",
  ].entries()) {
    write(join(folder, `images/train/${name}.png`), createPlainPng(20 + index));
    write(join(folder, `labels/train/${name}.txt`), `\uFEFF${first}\r\n \t\r\n`);
  }
  // The same label twice, and characters that Python treats as ends of lines.
  write(join(folder, "images/train/caf\u00e9.jpg"), createPlainPng(17));
  write(join(folder, "images/train/lines.png"), createPlainPng(16));
  write(join(folder, "labels/train/lines.txt"), `${first}\x1c${first}\x85${first.replaceAll(" ", "\x1f")}\n`);
  write(join(folder, "images/train/background.png"), createPlainPng(19));
  write(join(folder, "images/train/deep/images/x.png"), createPlainPng(18));
  write(join(folder, "images/train/deep/labels/x.txt"), `${first}\n${first}\n`);
  write(join(folder, "labels/train.cache"), "a pickle");
  return folder;
}

const tasks = ["detect", "segment", "pose", "obb", "classify"] as const;
type Opened = readonly [
  names: readonly string[],
  splits: Readonly<Record<"train" | "val", [images: number, classes: Record<string, number>]>>,
];

/** The tested version, and an old one that lacks many of its features. */
describe.each([testedVersion, "8.3.100"])("shipped datasets, opened by Ultralytics %s", (version) => {
  let python = "";
  beforeAll(async () => {
    python = await prepareOraclePython(version);
  }, installTimeout);

  it("have the images and classes that the report counts", async () => {
    const sets = new Map<Task, Awaited<ReturnType<typeof shipped>>>();
    for (const task of tasks) sets.set(task, await shipped(oddSet(task), task));
    const data = Object.fromEntries([...sets].map(([task, set]) => [task, set.data]));
    const opened = ask(python, opening, JSON.stringify(data)) as Record<Task, Opened>;
    for (const [task, { report }] of sets) {
      const [names, counted] = opened[task];
      expect(names).toEqual(report.classes?.map(({ name }) => name));
      expect(report.summary).toMatch(new RegExp(`^${counted.train[0]} train \\+ ${counted.val[0]} val`));
      for (const split of ["train", "val"] as const) {
        const ours = report.classes?.map((counts) => counts[split]) ?? [];
        const expected = names.map((_, id) => counted[split][1][id] ?? 0);
        expect(ours, task).toEqual(expected);
      }
    }
  });
});

describe("images, compared with Ultralytics", () => {
  let newest = "";
  beforeAll(async () => {
    newest = await prepareOraclePython(testedVersion);
  }, installTimeout);

  const checking = `
import json, sys
from ultralytics.data.utils import check_image
answers = []
for path in json.loads(sys.argv[1]):
    try:
        check_image(path)
        answers.append(True)
    except BaseException:
        answers.append(False)
print("ANSWER" + json.dumps(answers))
`;

  it("are reported exactly when Ultralytics drops them or part of them", () => {
    const folder = createTemporaryFolder();
    const source = new URL("../../test/images/", import.meta.url);
    const splitsInFull: string[] = [];
    const spoiled: string[] = [];
    for (const name of readdirSync(source)) {
      const bytes = readFileSync(new URL(name, source));
      const file = (kind: string, content: Uint8Array) =>
        write(join(folder, `${kind}-${name.replace(/\.\w+$/, ".jpg")}`), content);
      splitsInFull.push(file("whole", bytes), file("longer", Buffer.concat([bytes, Buffer.alloc(99, 7)])));
      for (const part of [0, 1, 10, 30, 60, 90])
        spoiled.push(file(`cut-${part}`, bytes.subarray(0, (bytes.length * part) / 100)));
      // In other formats it drops only images that it cannot open at all.
      if (!name.endsWith(".png")) continue;
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ 0xff;
        spoiled.push(file(`flipped-${at}`, flipped));
      }
    }
    const jpeg = readFileSync(new URL("baseline.jpg", source));
    for (const [index, at] of findSegmentOffsets(jpeg).slice(1).entries()) {
      for (const junk of ["zeros".padEnd(100_000, "\0"), "\xFF\xFF", "\xFF\0", "\xFF\xD0"])
        splitsInFull.push(
          write(
            join(folder, `junk-${index}-${junk.length}-${junk.charCodeAt(1)}.jpg`),
            insertBytes(jpeg, at, Buffer.from(junk, "latin1")),
          ),
        );
    }
    spoiled.push(write(join(folder, "junk-first.jpg"), insertBytes(jpeg, 2, Buffer.from("junk"))));
    for (const isBig of [true, false])
      for (const isLittle of [true, false])
        (isBig && !isLittle ? spoiled : splitsInFull).push(
          write(join(folder, `${isBig}-${isLittle}.tif`), createGrayTiff({ isBig, isLittle })),
        );
    const drawn = drawSet(join(folder, "drawn"), { train: 2, val: 0 });
    splitsInFull.push(
      ...readdirSync(join(drawn, "images/train")).map((name) => join(drawn, "images/train", name)),
    );
    // This comes first, because it writes into images.
    const ours = (path: string) => inspectImage(path, new ReadingBudget()).fault;
    const faults = new Map([...splitsInFull, ...spoiled].map((path) => [path, ours(path)]));
    const answers = ask(newest, checking, JSON.stringify([...faults.keys()])) as readonly boolean[];
    const missed: string[] = [];
    for (const [index, [path, fault]] of [...faults].entries()) {
      if (splitsInFull.includes(path)) expect(fault === undefined, `${path}: ${fault}`).toBe(answers[index]);
      else if (answers[index] === false && fault === undefined) missed.push(path);
    }
    expect(missed).toEqual([]);
  });
});
