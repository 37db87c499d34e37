import { commandLine } from "@unitrain/framework-yolo/command-line";
import { describe, expect, it } from "vitest";
import { readWords } from "./read-words.ts";

describe("readWords", () => {
  it("separates the folder from the options", () => {
    expect(readWords(["./pallets", "model=yolo11n.pt", "epochs=50"], commandLine)).toEqual({
      data: "./pallets",
      settings: ["model=yolo11n.pt", "epochs=50"],
    });
  });

  it("accepts the dataset as data=", () => {
    expect(readWords(["epochs=50", "data=../my sets/a=b"], commandLine)).toEqual({
      data: "../my sets/a=b",
      settings: ["epochs=50"],
    });
  });

  it.each([["detect train data=x epochs=1"], ["yolo detect train data=x epochs=1"]])(
    "accepts the line %j",
    (line) => {
      expect(readWords(line.split(" "), commandLine)).toEqual({
        data: "x",
        settings: ["task=detect", "epochs=1"],
      });
    },
  );

  it("accepts a folder named detect", () => {
    expect(readWords(["detect", "epochs=1"], commandLine).data).toBe("detect");
  });

  it("accepts a folder with a = in its name if it starts with ./", () => {
    expect(readWords(["./a=b"], commandLine).data).toBe("./a=b");
  });

  it("returns no dataset if none is named", () => {
    expect(readWords(["epochs=1"], commandLine)).toEqual({ settings: ["epochs=1"] });
    expect(readWords([], commandLine)).toEqual({ settings: [] });
  });

  it.each([
    ["yolo train data=x", { data: "x", settings: [] }],
    ["train segment data=x", { data: "x", settings: ["task=segment"] }],
    ["yolo segment data=x epochs=1", { data: "x", settings: ["task=segment", "epochs=1"] }],
    ["task=pose mode=train data=x", { data: "x", settings: ["task=pose"] }],
  ])("accepts the syntax of YOLO: %s", (line, words) => {
    expect(readWords(line.split(" "), commandLine)).toEqual(words);
  });

  it.each([
    ["./x epochs 50", "epochs=50"],
    ["./x model yolo11n.pt", "model=yolo11n.pt"],
    ["epochs 50 data=x", "epochs=50"],
    ["./x epochs = 50", "epochs=50"],
    ["./x epochs= 50", "epochs=50"],
    ["./x epochs =50", "epochs=50"],
    ["./x epochs=", "epochs=…"],
    ["data= epochs=5", "data=./pallets"],
  ])("rejects %j with the correct form", (line, right) => {
    expect(() => readWords(line.split(" "), commandLine)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", hint: expect.stringContaining(right) }),
    );
  });

  it.each([
    "yolo predict model=best.pt source=x.jpg",
    "detect val model=best.pt",
    "yolo segment export model=best.pt",
  ])("rejects %j, which does not train", (line) => {
    expect(() => readWords(line.split(" "), commandLine)).toThrow(
      /does not (predict|val|export): it only trains/,
    );
  });

  it.each([
    ["x imgsz=[64, 32] epochs=1", ["imgsz=[64,32]", "epochs=1"]],
    ["x scale=(0.5, 1.5), epochs=1,", ["scale=(0.5,1.5)", "epochs=1"]],
    ["x classes=[ 0, 2 ]", ["classes=[0,2]"]],
    ["x epochs=1 - lr0=0.01 \\", ["epochs=1", "lr0=0.01"]],
    ["x — epochs=1", ["epochs=1"]],
  ])("joins lists, and removes trailing commas and dashes: %s", (line, settings) => {
    expect(readWords(line.split(" "), commandLine)).toEqual({ data: "x", settings });
  });

  it("does not join words after an unclosed bracket in a folder's name", () => {
    expect(readWords(["./my [set", "epochs=1"], commandLine)).toEqual({
      data: "./my [set",
      settings: ["epochs=1"],
    });
  });

  it("rejects two datasets and names both", () => {
    expect(() => readWords(["./a", "./b"], commandLine)).toThrow("Two datasets were named: ./a and ./b.");
    expect(() => readWords(["./a", "data=b"], commandLine)).toThrow("Two datasets");
  });
});
