import { existsSync, globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

test("every file in the src folder of a package is published, because test helpers are in its test folder", () => {
  const files = globSync("*/src/**/*.ts", { cwd: packages }).filter(
    (file) => !/\.(?:[a-z]+-)?test\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(300);
  const published = filesReachableFrom(
    globSync("*/tsup.config.ts", { cwd: packages }).flatMap(listEntryFiles),
  );
  expect(files.filter((file) => !published.has(file))).toEqual([]);
  expect([...published].filter((file) => /^[^/]+\/test\/|\.(?:[a-z]+-)?test\.ts$/.test(file))).toEqual([]);
});

function listEntryFiles(configFile: string): string[] {
  const entries = [...readText(configFile).matchAll(/"(src\/[^"]+\.ts)"/g)];
  return entries.map(([, entry = ""]) => posix.join(posix.dirname(configFile), entry));
}

function filesReachableFrom(entries: readonly string[]): ReadonlySet<string> {
  const reachable = new Set(entries);
  for (const file of reachable) {
    for (const [, target = ""] of readText(file).matchAll(/["'](\.{1,2}\/[^"']+\.ts)["']/g)) {
      const imported = posix.join(posix.dirname(file), target);
      if (existsSync(packages + imported)) reachable.add(imported);
    }
  }
  return reachable;
}

function readText(file: string): string {
  return readFileSync(packages + file, "utf8");
}
