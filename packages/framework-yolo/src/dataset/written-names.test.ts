import { join } from "node:path";
import { expect, it } from "vitest";
import { checkSet, readShippedYaml } from "../../test/check-set.ts";
import { createTemporaryFolder, drawSet, write } from "../../test/drawn-set.ts";

it.each([
  ["[08, 1.0]", ["08", "1.0"]],
  ["[1e3, 0o17]", ["1e3", "0o17"]],
  ["[340123450000000017, 340123450000000018]", ["340123450000000017", "340123450000000018"]],
  ["[yes, 0x1F]", ["yes", "0x1F"]],
  ["[null, ~]", ["null", "~"]],
  ["[2024-01-01, 1:30]", ["2024-01-01", "1:30"]],
  ["[1_000, +1]", ["1_000", "+1"]],
  ["['a: b', \"c\\td\"]", ["a: b", "c\td"]],
  ["{0: 1.50, 1: TRUE}", ["1.50", "TRUE"]],
  ["{'0': .5, 1: 0b1}", [".5", "0b1"]],
  ["\n  1: 007 # James\n  0: 1.", ["1.", "007"]],
  ["&n [1.10, 2.]\nother: *n", ["1.10", "2."]],
  ["[a, b]\nnames: [01, 02]", ["01", "02"]],
])("keeps class names as they are written: %s", async (names, expected) => {
  const folder = drawSet(join(createTemporaryFolder(), "set"), { train: 2, val: 2 });
  write(join(folder, "data.yaml"), `train: images/train\nval: images/val\nnames: ${names}\n`);
  const report = await checkSet(folder);
  expect(report.findings).toEqual([]);
  expect(report.classes?.map(({ name }) => name)).toEqual(expected);
  const shipped = await readShippedYaml(report);
  for (const name of expected) expect(shipped).toContain(`  - ${JSON.stringify(name)}\n`);
});

it("creates the name of a class without one from its id", async () => {
  const folder = drawSet(join(createTemporaryFolder(), "set"), { train: 2, val: 2 });
  write(join(folder, "data.yaml"), "train: images/train\nval: images/val\nnames:\n  0:\n  1: b\n");
  const report = await checkSet(folder);
  expect(report.classes?.map(({ name }) => name)).toEqual(["class_0", "b"]);
  expect(report.findings).toMatchObject([{ severity: "warning", line: 3 }]);
});
