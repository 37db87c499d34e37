import { expect, it } from "vitest";
import { parseSize } from "./parse-size.ts";

it.each([
  ["20GB", 20e9],
  ["1.5 gb", 1.5e9],
  ["500MB", 500e6],
  ["0", 0],
  ["123", 123],
  ["", undefined],
  ["-1GB", undefined],
  ["GB", undefined],
  ["5 parsecs", undefined],
  ["1e99", undefined],
])("parses %j as %j bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});
