import { describe, expect, it } from "vitest";
import { parseOptions } from "./parse-options.ts";
import { formatArgument, parseScalar } from "./scalar.ts";

describe("parsing words of a command line", () => {
  it("returns options of the right types", () => {
    const words = [
      "model=yolo11n.yaml",
      "epochs=12",
      "lr0=3e-3",
      "plots=False",
      "amp=true",
      "device=0",
      "batch=-1",
      "imgsz=[640, 480]",
      "time=None",
      "version=8.4.190",
    ];
    expect(parseOptions(words)).toEqual({
      model: "yolo11n.yaml",
      epochs: 12,
      lr0: 0.003,
      plots: false,
      amp: true,
      device: 0,
      batch: -1,
      imgsz: [640, 480],
      time: null,
      version: "8.4.190",
    });
  });

  it("accepts a complete yolo command", () => {
    expect(parseOptions(["yolo", "detect", "train", "model=yolo11n.pt", "--epochs=5", "cos_lr"])).toEqual({
      task: "detect",
      model: "yolo11n.pt",
      epochs: 5,
      cos_lr: true,
    });
  });

  it("accepts a pasted command for another task", () => {
    const words = ["yolo", "segment", "train", "model=yolo11n-seg.yaml", "project=pallets", "name=first"];
    expect(parseOptions(words)).toEqual({
      task: "segment",
      model: "yolo11n-seg.yaml",
      project: "pallets",
      name: "first",
    });
  });

  it("accepts words for a task or a model that is named elsewhere", () => {
    expect(parseOptions(["mask_ratio=2", "pip=timm", "version=latest"])).toEqual({
      mask_ratio: 2,
      pip: "timm",
      version: "latest",
    });
  });

  it("keeps text unchanged, including equals signs", () => {
    expect(parseOptions(["model=/data/a=b/1.pt", "optimizer=None"])).toEqual({
      model: "/data/a=b/1.pt",
      optimizer: "None",
    });
  });

  it.each([
    [["epochs"], "epochs has no value.", "`epochs=…`"],
    [["epochs="], "epochs has no value.", "`epochs=…`"],
    [["=5"], "=5 has no value.", ""],
    [["pallets"], "pallets has no value.", "`key=value`"],
    [["predict"], "unitrain does not predict", "yolo predict"],
    [["epoch=5"], "epoch is not an argument", "Did you mean epochs?"],
    [["data=x.yaml"], "data cannot be set", "folder"],
  ])("refuses %j with a hint", (words, message, hint) => {
    expect(() => parseOptions(words)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  it.each([
    ["12", 12],
    ["-1", -1],
    ["1_000", 1000],
    [".5", 0.5],
    ["1e-3", 0.001],
    ["+3", 3],
    ["TRUE", true],
    ["none", null],
    ["'12'", "12"],
    ["0,1", "0,1"],
    ["[1, [2, 'a']]", [1, [2, "a"]]],
    ["(0.5, 2.0)", [0.5, 2]],
    ["[]", []],
    ["[1,]", [1]],
    ["[1", "[1"],
    ["[1]]", "[1]]"],
    ["0x10", "0x10"],
    ["it's", "it's"],
  ])("parses %s as %j, as in Python", (text, value) => {
    expect(parseScalar(text)).toEqual(value);
  });

  it("can be reversed to words that Ultralytics reads", () => {
    expect([null, true, false, 0.003, "SGD", [1, "a"], [0.5, 1.5]].map(formatArgument)).toEqual([
      "None",
      "True",
      "False",
      "0.003",
      "SGD",
      "[1,'a']",
      "[0.5,1.5]",
    ]);
  });
});
