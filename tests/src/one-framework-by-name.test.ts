import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Returns the source files of some packages, without tests, that match a pattern. */
function filesWith(pattern: RegExp, ...names: readonly string[]): readonly string[] {
  return names
    .flatMap((name) => globSync(`${name}/{src,python}/**/*.{ts,py}`, { cwd: packages }))
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.endsWith("test.ts") && pattern.test(readFileSync(join(packages, file), "utf8")))
    .sort();
}

test("cli, view and core name no framework, except for the default framework of the command line", () => {
  const names = /yolo|ultralytics/i;
  expect(filesWith(names, "cli", "view")).toEqual(["cli/src/modules/default-framework.ts"]);
  // A pattern that finds nothing would prove nothing.
  expect(filesWith(names, "framework-yolo").length).toBeGreaterThan(50);
});

test("the list of tasks exists once, in framework-yolo", () => {
  const anyTwo = /["'](detect|segment|classify|pose|obb)["'],\s*["'](detect|segment|classify|pose|obb)["']/;
  const alternatives = /(detect|segment|classify|pose|obb)\|(detect|segment|classify|pose|obb)/;
  const unions =
    /["'](detect|segment|classify|pose|obb)["']\s*\|\s*["'](detect|segment|classify|pose|obb)["']/;
  const all = ["cli", "view", "core", "framework-yolo"];
  expect(filesWith(anyTwo, ...all)).toEqual(["framework-yolo/src/options/tasks.ts"]);
  expect(filesWith(alternatives, ...all)).toEqual([]);
  expect(filesWith(unions, ...all)).toEqual([]);
});
