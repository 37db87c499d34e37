import { describe, expect, it } from "vitest";
import { readAnyYaml } from "./any-yaml.ts";
import { readPlainYaml } from "./plain-yaml.ts";

const splits = "train: images/train\nval: ../val/images\n";

describe("a plain yaml", () => {
  it.each([
    `${splits}names:\n  0: circle\n  1: red square\n`,
    `# A set.\npath: ./pallets\n${splits}nc: 2\n\nnames:\n- cat\n# no dogs\n- cow_2\n\nroboflow: x\n`,
    `${splits}nc: 2\nnames: [cat, big-dog ]\n`,
    `names:\n    - a\n    - b  \ntrain: train.txt\nval: /data/val/`,
  ])("is read with the same result as the library: %j", (yaml) => {
    expect(readPlainYaml(yaml)).toBeDefined();
    expectSame(yaml);
  });

  it.each([
    "train: images/train # all\n",
    "train: 'images/train'\n",
    "names: [08, 1.0]\n",
    "names: [yes, no]\n",
    "names:\n  0: a\n  00: b\n",
    "names:\n  - a\n   - b\n",
    "names:\n  0: a\n  - b\n",
    "names:\n  0: a\n  0: b\n",
    "names:\ntrain: x\n",
    "train: a\ntrain: b\n",
    "train: a\n  b\n",
    "train: a: b\n",
    "train:\n",
    "nc: 012\n",
    "nc: 1e3\n",
    "train: .5/a\n",
    "kpt_shape: [3, 2]\n",
    "train: [a, [b]]\n",
    "true: x\n",
    "train:\ta\n",
    "train: a\r\nval: b\r\n",
    "\uFEFFtrain: a\n",
    "--- \ntrain: a\n",
    "- a\n",
    "",
  ])("is left to the library: %j", (yaml) => {
    expect(readPlainYaml(yaml)).toBeUndefined();
  });

  it("is never read with another result than the library's, whatever its lines", () => {
    const parts = [
      ...[
        "train: images/train",
        "val: valid",
        "nc: 3",
        "names:",
        "  0: a b",
        "  1: cat",
        "- x",
        "  - y",
        "    - z",
      ],
      ...[
        "names: [a, b]",
        "names: [a,b]",
        "names: []",
        "path: ../x",
        "test: no",
        "a: off/x",
        "b: null-x",
        "c: n",
      ],
      ...[
        "# note",
        "",
        "  ",
        "  # in",
        "yes: a",
        "key_2: V.1",
        "d: a-b_c/e.f",
        "e: 0",
        "f: 12 a",
        "g: a 12",
        "  2: 3",
      ],
      ...[
        "  01: a",
        "h: x y z",
        "i: -a",
        "j: a/b c",
        "k: y",
        "l: Yes",
        "m: truely",
        "n: on-site",
        "names: [on, x]",
      ],
    ];
    let state = 11;
    const random = (below: number) => {
      state = (state * 1664525 + 1013904223) % 2 ** 32;
      return Math.floor((state / 2 ** 32) * below);
    };
    let read = 0;
    for (let round = 0; round < 4_000; round++) {
      const yaml = Array.from({ length: 1 + random(7) }, () => parts[random(parts.length)]).join("\n");
      if (readPlainYaml(yaml) === undefined) continue;
      read++;
      expectSame(yaml);
    }
    expect(read).toBeGreaterThan(200);
  });
});

function expectSame(yaml: string): void {
  const plain = readPlainYaml(yaml);
  const { values, getLine } = readAnyYaml("data.yaml", Buffer.from(yaml));
  expect(plain?.values, yaml).toEqual(values);
  for (const key of Object.keys(values)) expect(plain?.lines.get(key), yaml).toBe(getLine(key));
}
