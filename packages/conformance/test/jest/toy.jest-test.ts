import { rmSync } from "node:fs";
import { frameworkSuite, type TestRunner } from "../../src/index.ts";
import { createToyFolder, createToyFrameworkSubject } from "../toy/toy-framework.ts";

// Jest's own, which it defines globally.
declare const describe: TestRunner["describe"];
declare const it: TestRunner["it"];
declare const afterAll: (step: () => void) => void;

const folder = createToyFolder();
afterAll(() => rmSync(folder, { recursive: true }));

frameworkSuite({
  describe,
  it,
  name: "the toy framework",
  start() {
    const subject = createToyFrameworkSubject(folder);
    return process.env.UNITRAIN_TEST_BROKEN === undefined
      ? subject
      : { ...subject, framework: { ...subject.framework, explainFailure: () => undefined } };
  },
});
