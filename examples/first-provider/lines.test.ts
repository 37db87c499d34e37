import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the first provider has at most 60 lines", () => {
  const source = readFileSync(new URL("./provider.ts", import.meta.url), "utf8");
  expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
});
