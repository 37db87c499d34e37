import { commandLine } from "@unitrain/framework-yolo/command-line";
import { describe, expect, it } from "vitest";
import { normalizeWords } from "./normalize-words.ts";
import { splitLine } from "./split-line.ts";

describe("normalizeWords", () => {
  it.each([
    [
      ["detect", "train", "data=x", "epochs=5"],
      ["train", "detect", "train", "data=x", "epochs=5"],
    ],
    [
      ["yolo", "train", "data=x"],
      ["train", "yolo", "train", "data=x"],
    ],
    [
      ["yolo detect train data='my set' epochs=5"],
      ["train", "yolo", "detect", "train", "data=my set", "epochs=5"],
    ],
    [["detect train data=x"], ["train", "detect", "train", "data=x"]],
    [
      ["detect", "predict", "model=x"],
      ["train", "detect", "predict", "model=x"],
    ],
    [["!yolo train data=x"], ["train", "yolo", "train", "data=x"]],
    [
      ["!yolo", "train", "data=x"],
      ["train", "yolo", "train", "data=x"],
    ],
    [
      ["train", "yolo detect train data=x \\\n epochs=5"],
      ["train", "yolo", "detect", "train", "data=x", "epochs=5"],
    ],
    [
      ["plan", "!yolo train data=x", "--json"],
      ["plan", "yolo", "train", "data=x", "--json"],
    ],
  ])("recognizes %j as a training", (commandWords, words) => {
    expect(normalizeWords(commandWords, commandLine)).toEqual(words);
  });

  it.each([
    [["runs", "--json"]],
    [["train", "./my set", "name=yolo x"]],
    [["detect"]],
    [["logs", "yolo-run"]],
  ])("does not change %j", (commandWords) => {
    expect(normalizeWords(commandWords, commandLine)).toEqual(commandWords);
  });
});

describe("splitLine", () => {
  it.each([
    ["a  b\tc\n", ["a", "b", "c"]],
    [`data="my set/data.yaml" name='it is' x=\\ y`, ["data=my set/data.yaml", "name=it is", "x= y"]],
    ["a \\\r\n b", ["a", "b"]],
    ["", []],
  ])("splits %j into words", (line, words) => {
    expect(splitLine(line)).toEqual(words);
  });
});
