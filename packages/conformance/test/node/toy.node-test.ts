import { rmSync } from "node:fs";
import { after, describe, it } from "node:test";
import { frameworkSuite } from "../../src/index.ts";
import { createToyFolder, createToyFrameworkSubject } from "../toy/toy-framework.ts";

const folder = createToyFolder();
after(() => rmSync(folder, { recursive: true }));
const isBroken = process.argv.includes("--broken");

frameworkSuite({
  describe,
  it,
  name: "the toy framework",
  start() {
    const subject = createToyFrameworkSubject(folder);
    return isBroken
      ? { ...subject, framework: { ...subject.framework, explainFailure: () => undefined } }
      : subject;
  },
});
