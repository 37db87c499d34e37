import { expect, test } from "vitest";
import {
  formatBitRate,
  formatBytes,
  formatCount,
  formatMinutes,
  formatNumber,
  formatSeconds,
  formatUsd,
} from "./format.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [6_234_567, "6.2 MB"],
  [999_960, "1 MB"],
  [2_100_000_000, "2.1 GB"],
  [144_000_000, "144 MB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, "$0.00"],
  [0.0014, "<$0.01"],
  [0.005, "$0.01"],
  [1.432, "$1.43"],
])("%d dollars are %s", (usd, text) => {
  expect(formatUsd(usd)).toBe(text);
});

test.each([
  [0, "0"],
  [999, "999"],
  [10_825, "10,825"],
  [1_234_567, "1,234,567"],
  [-10_825, "-10,825"],
  [1234.5678, "1,234.5678"],
  [1e21, "1e+21"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("one is not many", () => {
  expect(formatCount(1, "file")).toBe("1 file");
  expect(formatCount(10_825, "file")).toBe("10,825 files");
  expect(formatCount(2, "class", "classes")).toBe("2 classes");
});

test("a rate is in bits, a time in a sentence in seconds or minutes", () => {
  expect(formatBitRate(11_500_000)).toBe("92 Mbit/s");
  expect(formatSeconds(90_000)).toBe("90 s");
  expect(formatSeconds(450)).toBe("0.5 s");
  expect(formatMinutes(60_000)).toBe("1 minute");
  expect(formatMinutes(30_000)).toBe("0.5 minutes");
});
