import { expect, test } from "vitest";
import { formatBytes, formatUsd } from "./format.ts";

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
