import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { UnitrainError } from "./error.ts";

test("isInstance recognizes errors of another copy of this package", async () => {
  const copy = (await import(`${new URL("./error.ts", import.meta.url).href}?copy`)) as {
    UnitrainError: typeof UnitrainError;
  };
  const foreign = new copy.UnitrainError("INVALID_DATASET", "no data.yaml");
  expect(foreign).not.toBeInstanceOf(UnitrainError);
  expect(UnitrainError.isInstance(foreign)).toBe(true);
  expect(UnitrainError.isInstance(new Error("x"))).toBe(false);
  expect(UnitrainError.isInstance(undefined)).toBe(false);
});

test("toJSON leaves the cause out", () => {
  const error = new UnitrainError("NOT_READY", "not yet", {
    hint: "wait",
    retryable: true,
    cause: new Error("why"),
  });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: "NOT_READY",
    message: "not yet",
    hint: "wait",
    retryable: true,
    documentation: "https://unitrain.github.io/unitrain/errors#not-ready",
  });
});

test("docs/errors.md has a section for every code, and for no other", async () => {
  const source = await readFile(new URL("./error.ts", import.meta.url), "utf8");
  const union = source.slice(source.indexOf("export type ErrorCode"), source.indexOf("/** An error as JSON"));
  const codes = [...union.matchAll(/\| "([A-Z_]+)"/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(25);
  const documentation = await readFile(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const headings = [...documentation.matchAll(/^## ([A-Z_]+)$/gm)].map(([, code]) => code);
  expect(headings.toSorted()).toEqual(codes.toSorted());
});
