import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkSet, readShippedYaml } from "../../test/check-set.ts";
import { createTemporaryFolder, drawSet, write } from "../../test/drawn-set.ts";

const names = "names: [circle, square]\n";

/** Creates a valid dataset with another data.yaml. */
function setWith(yaml: string, name = "set"): string {
  const folder = drawSet(join(createTemporaryFolder(), name), { train: 2, val: 2 });
  write(join(folder, "data.yaml"), yaml);
  return folder;
}

describe("data.yaml", () => {
  const splits = "train: images/train\nval: images/val\n";

  it("is shipped without paths of this computer and without code to run", async () => {
    const folder = setWith(
      `path: .\n${splits}${names}download: |\n  import os\n  os.system("boom")\nkpt_shape: [3, 2]\nflip_idx: [1, 0, 2]\nroboflow: {url: x}\n`,
    );
    const text = await readShippedYaml(await checkSet(folder));
    expect(parse(text)).toEqual({
      train: "images/train",
      val: "images/val",
      nc: 2,
      names: ["circle", "square"],
      kpt_shape: [3, 2],
      flip_idx: [1, 0, 2],
    });
    expect(text).not.toContain(folder);
  });

  it.each([
    ["a list", "names: [circle, square]", ["circle", "square"]],
    ["a map", "names:\n  0: circle\n  1: square", ["circle", "square"]],
    ["a map in another order", "names: {1: square, 0: circle}", ["circle", "square"]],
    ["a number only", "nc: 2", ["class_0", "class_1"]],
    ["words that PyYAML takes for something else", "names: [yes, 1:30]\nnc: 2", ["yes", "1:30"]],
    ["numbers", "nc: '2'\nnames: [10, 20]", ["10", "20"]],
    ["a list whose lines are not indented", "names: [\ncircle,\nsquare,\n]\nnc: 2", ["circle", "square"]],
  ])("can name the classes by %s", async (_what, yaml, expected) => {
    const report = await checkSet(setWith(`${splits}${yaml}\n`));
    expect(report.findings).toEqual([]);
    expect(parse(await readShippedYaml(report)).names).toEqual(expected);
  });

  it.each([
    ["no names", "", "names and nc are missing", undefined],
    ["fewer names than nc", "nc: 3\nnames: [a, b]", "nc is 3, but names has 2.", 3],
    ["an nc that is not a number", "nc: many\nnames: [a, b]", 'nc is "many"', 3],
    ["an nc of nothing", "nc: 0", "nc is 0", 3],
    ["no name in names", "names: []", "names is empty", 3],
    ["a gap in the ids", "names: {0: a, 2: b}", "none with the id 1", 3],
    ["names as a text", "names: a, b", "Write it as a list: [a, b]", 3],
    ["ids by their names", "names: {a: 0, b: 1}", "names maps names to ids", 3],
    ["a name that is a list", "names: [a, [b]]", "is a list or a map", 3],
  ])("is reported for %s", async (_what, yaml, message, line) => {
    const { findings } = await checkSet(setWith(`${splits}${yaml}\n`));
    const found = findings.find((finding) => finding.message.includes(message));
    expect(found).toMatchObject({ severity: "error", ...(line === undefined ? {} : { line }) });
  });

  it("warns of two classes with one name", async () => {
    expect((await checkSet(setWith(`${splits}names: [a, a]\n`))).findings).toMatchObject([
      { severity: "warning", message: "Two classes are called a." },
    ]);
  });

  it("keeps accented letters in names that were saved on Windows", async () => {
    const folder = setWith("");
    write(join(folder, "data.yaml"), Buffer.from(`${splits}names: [caf\xe9, \x80]\n`, "latin1"));
    expect(parse(await readShippedYaml(await checkSet(folder))).names).toEqual(["caf\u00e9", "\u20ac"]);
  });

  it("can be UTF-16, or start with a byte order mark", async () => {
    const folder = setWith("");
    for (const bytes of [
      Buffer.from(`\uFEFF${splits}${names}`, "utf16le"),
      Buffer.from(`\uFEFF${splits}${names}`),
    ]) {
      write(join(folder, "data.yaml"), bytes);
      expect((await checkSet(folder)).findings).toEqual([]);
    }
  });

  it.each([
    ["that is none", "train: [images\nval: x", /data\.yaml:\d+ is not valid yaml/],
    ["with tabs", "names:\n\t0: a\n", /data\.yaml:2 is not valid yaml/],
    ["that is a list", "- a\n- b\n", /has no keys/],
    ["that is empty", "", /has no keys/],
    [
      "that is a bomb",
      `a: &a [${"x,".repeat(50)}]\nb: &b [${"*a,".repeat(50)}]\nc: &c [${"*b,".repeat(50)}]\ntrain: *c\n`,
      /cannot be read/,
    ],
  ])("%s is refused before images are read", async (_what, yaml, message) => {
    await expect(checkSet(setWith(yaml))).rejects.toMatchObject({
      code: "INVALID_DATASET",
      message: expect.stringMatching(message),
    });
  });

  it("is refused when it is missing", async () => {
    const folder = createTemporaryFolder();
    await expect(checkSet(join(folder, "nowhere"))).rejects.toMatchObject({
      message: expect.stringContaining("does not exist"),
    });
    await expect(checkSet(folder)).rejects.toMatchObject({
      message: expect.stringContaining("has no data.yaml"),
    });
    await expect(checkSet(write(join(folder, "x.zip"), "PK"))).rejects.toMatchObject({
      message: expect.stringContaining("Cannot unpack"),
    });
    write(join(folder, "hyp.yaml"), "lr0: 0.01\n");
    await expect(checkSet(folder)).rejects.toMatchObject({
      message: expect.stringContaining("has no data.yaml"),
    });
    write(join(folder, "a.yaml"), "train: images\nval: images\nnames: [a]\n");
    write(join(folder, "b.yaml"), "train: images\nval: images\nnames: [a, b]\n");
    await expect(checkSet(folder)).rejects.toMatchObject({
      hint: expect.stringMatching(/a\.yaml \(1 class\).*b\.yaml \(2 classes\)/),
    });
  });
});
