import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
const sources = globSync("*/src/**/*.ts", { cwd: packages });
const importsOf = (file: string) => readFileSync(packages + file, "utf8").match(/^import .* from "zod.*$/gm);

test("zod is imported in the form of which a build takes only what is used", () => {
  const importing = sources.filter((file) => importsOf(file) !== null);
  expect(importing.length).toBeGreaterThan(5);
  const wrong = importing.filter((file) => importsOf(file)?.join() !== 'import * as z from "zod";');
  expect(wrong).toEqual([]);
});

test("what `unitrain plan` on this computer loads, and what is loaded for names and help, is without zod", () => {
  // In framework-yolo only the converters of `unitrain init` have it, which are a file of their own.
  const light = /^(?:cli|core|provider-local|transport-posix|framework-yolo)\/src\/(?!convert\/)/;
  expect(sources.filter((file) => light.test(file) && importsOf(file) !== null)).toEqual([]);
});
