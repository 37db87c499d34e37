import { rmSync } from "node:fs";
import { after, describe, it } from "node:test";
import { frameworkSuite } from "../../src/index.ts";
import { createToyFolder, createToyFrameworkSubject, toyFramework } from "../toy/toy-framework.ts";

const folder = createToyFolder();
after(() => rmSync(folder, { recursive: true }));
const isBroken = process.argv.includes("--broken");

frameworkSuite({
  describe,
  it,
  name: "the toy framework",
  start: () =>
    createToyFrameworkSubject(folder, () =>
      isBroken ? { ...toyFramework(), explainFailure: () => undefined } : toyFramework(),
    ),
});
