import { describe, expect, it } from "vitest";
import { readWords } from "./words.ts";

describe("the words behind train", () => {
  it("are a folder and settings", () => {
    expect(readWords(["./pallets", "model=yolo11n.pt", "epochs=50"])).toEqual({
      data: "./pallets",
      settings: ["model=yolo11n.pt", "epochs=50"],
    });
  });

  it("may name the data as a setting", () => {
    expect(readWords(["epochs=50", "data=../my sets/a=b"])).toEqual({
      data: "../my sets/a=b",
      settings: ["epochs=50"],
    });
  });

  it.each([["detect train data=x epochs=1"], ["yolo detect train data=x epochs=1"]])("may be %s", (line) => {
    expect(readWords(line.split(" "))).toEqual({ data: "x", settings: ["task=detect", "epochs=1"] });
  });

  it("take a folder called detect for what it is", () => {
    expect(readWords(["detect", "epochs=1"]).data).toBe("detect");
  });

  it("take a folder with a = in its name when a ./ stands before it", () => {
    expect(readWords(["./a=b"]).data).toBe("./a=b");
  });

  it.each([[[]], [["epochs=1"]], [["data="]]])("without data are refused: %j", (words) => {
    expect(() => readWords(words)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        hint: expect.stringContaining("unitrain train ./pallets"),
      }),
    );
  });

  it("with two sets are refused, both named", () => {
    expect(() => readWords(["./a", "./b"])).toThrow("Two datasets were named: ./a and ./b.");
    expect(() => readWords(["./a", "data=b"])).toThrow("Two datasets");
    expect(() => readWords(["./a", "epochs", "=", "5"])).toThrow("Two datasets");
  });
});
