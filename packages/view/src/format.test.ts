import { describe, expect, it } from "vitest";
import { counted, dayAndTime, duration, loss, score } from "./format.ts";

describe("figures", () => {
  it.each([
    [0, "0s"],
    [0.04, "0s"],
    [0.44, "0.4s"],
    [4.1, "4.1s"],
    [9.96, "10s"],
    [59.6, "1m00s"],
    [151, "2m31s"],
    [3599.7, "1h00m"],
    [12_780, "3h33m"],
    [-3, "0s"],
  ])("show %d seconds as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [1.0421, "1.042"],
    [0.0123, "0.012"],
    [0.00042, "4.2e-4"],
    [128.4, "128"],
    [0, "0"],
    [Number.NaN, "NaN"],
  ])("show a loss of %d as %s", (value, text) => {
    expect(loss(value)).toBe(text);
  });

  it.each([
    [0.8124, ".812"],
    [1, "1.000"],
    [0, ".000"],
    [Number.NaN, "NaN"],
  ])("show a score of %d as %s", (value, text) => {
    expect(score(value)).toBe(text);
  });

  it("count in words", () => {
    expect(counted(1, "file")).toBe("1 file");
    expect(counted(10_825, "file")).toBe("10,825 files");
  });

  it("leave a date alone that is none", () => {
    expect(dayAndTime("yesterday")).toBe("yesterday");
    expect(dayAndTime("2026-11-24T12:00:00.000Z")).toMatch(/^2026-11-2[345] \d\d:00$/);
  });
});
