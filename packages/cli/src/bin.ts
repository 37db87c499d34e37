#!/usr/bin/env node
import module from "node:module";
import { complaintAboutNode } from "./program/node-version.ts";
import { versionAsked } from "./program/version.ts";
import { helpAsked } from "./settings/help/help-asked.ts";

const complaint = complaintAboutNode(process.version);
const words = process.argv.slice(2);
// Both are wanted at once: they wait for nothing else.
const answer = helpAsked(words) ?? versionAsked(words);
if (complaint !== undefined) {
  console.error(complaint);
  process.exitCode = 1;
} else if (answer !== undefined) {
  // A reader that went away (`unitrain --help | head -1`) is not an error.
  process.stdout.on("error", () => {});
  process.stdout.write(answer);
} else {
  // What was compiled is kept for the next time, in the folder for temporary files: it halves the start.
  module.enableCompileCache();
  await (await import("./app.ts")).runProcess();
}
