import { rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { allFrameworkRules, checkFrameworkRule, frameworkSuite } from "../src/index.ts";
import { plantedFrameworkBugs } from "./planted-framework-bugs.ts";
import { createToyFolder, createToyFrameworkSubject } from "./toy/toy-framework.ts";

const folders: string[] = [];
const createFolder = () => {
  const folder = createToyFolder();
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => void rmSync(folder, { recursive: true })));

frameworkSuite({
  describe,
  it,
  name: "the toy framework",
  start: () => createToyFrameworkSubject(createFolder()),
});

it("there is one planted bug for each rule", () => {
  expect(Object.keys(plantedFrameworkBugs)).toEqual(allFrameworkRules.map(({ id }) => id));
});

it.concurrent.each(Object.entries(plantedFrameworkBugs))(
  "only %s finds its planted bug",
  async (id, plant) => {
    const folder = createFolder();
    const broken: string[] = [];
    for (const rule of allFrameworkRules) {
      const start = () => plant(createToyFrameworkSubject(folder));
      await checkFrameworkRule(rule, start).catch(({ message }: Error) =>
        broken.push(`${rule.id}\n${message}`),
      );
    }
    expect(
      broken.map((text) => text.split("\n")[0]),
      broken.join("\n\n"),
    ).toEqual([id]);
  },
);
