import { describe, it } from "node:test";
import { frameworkSuite } from "../../src/index.ts";
import { createToyFrameworkSubject, toyFramework } from "../toy/toy-framework.ts";

const isBroken = process.argv.includes("--broken");

frameworkSuite({
  describe,
  it,
  name: "the toy framework",
  start: () =>
    createToyFrameworkSubject(() =>
      isBroken ? { ...toyFramework(), explainFailure: () => undefined } : toyFramework(),
    ),
});
