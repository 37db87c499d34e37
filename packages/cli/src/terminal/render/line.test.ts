import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { createCollector } from "../../../test/collected.ts";
import {
  joinFitting,
  joinText,
  padText,
  paintLines,
  styled,
  truncateText,
  withLabel,
  wrapText,
} from "./line.ts";

describe("lines", () => {
  it("are truncated by columns, not by characters", () => {
    expect(truncateText("abcdef", 4)).toBe("abc…");
    expect(truncateText("日本語の名前", 7)).toBe("日本語…");
    expect(truncateText("👩‍👩‍👧 family", 4)).toBe("👩‍👩‍👧 …");
    expect(truncateText("abc", 3)).toBe("abc");
    expect(stringWidth(truncateText("日本語の名前", 6))).toBeLessThanOrEqual(6);
  });

  it("are padded by columns", () => {
    expect(padText("日本", 6)).toBe("日本  ");
    expect(padText("12", 4, "right")).toBe("  12");
    expect(padText("long", 2)).toBe("long");
  });

  it("wrap between words, and never break a path", () => {
    expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapText("see /a/very/long/path now", 8)).toEqual(["see", "/a/very/long/path", "now"]);
    expect(wrapText("two\nlines", 40)).toEqual(["two", "lines"]);
  });

  it("wrap below the start of the text after their label", () => {
    const lines = withLabel(styled("bold", "Job"), "detect epochs=12 imgsz=128", 7, 24).map(joinText);
    expect(lines).toEqual(["Job    detect epochs=12", "       imgsz=128"]);
  });

  it("contain as many parts as fit", () => {
    expect(joinFitting(["epoch 1", "", "50%", "batch 1/2"], 14)).toBe("epoch 1  50%");
  });

  it("are truncated on a terminal, and colored only if colors are enabled", () => {
    const terminal = createCollector({ columns: 10 });
    const pipe = createCollector();
    const line = [styled("green", "+ "), "0123456789abc"];
    expect(paintLines([line], pipe)).toEqual(["+ 0123456789abc"]);
    expect(paintLines([line], terminal, 10).map((text) => stringWidth(text))).toEqual([10]);
    expect(paintLines([[styled("green", "0123456789"), "more"]], pipe, 10)).toEqual(["012345678…"]);
  });
});
