#!/usr/bin/env node
import module from "node:module";
import { findFrameworkNames } from "./framework/named-where.ts";
import { defaultFramework } from "./modules/default-framework.ts";
import { complaintAboutNode } from "./program/node-version.ts";
import { versionAsked } from "./program/version.ts";
import { helpAsked } from "./settings/help/help-asked.ts";
import { commandHelp } from "./settings/help/help-text.ts";

const complaint = complaintAboutNode(process.version);
const words = process.argv.slice(2);
// All of these are wanted at once: they wait for nothing else.
const answer = complaint === undefined ? await readAnswer() : undefined;
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

/** The help or the version that is asked for; undefined for everything else, and for the help of another framework than the default. */
async function readAnswer(): Promise<string | undefined> {
  const asked = helpAsked(words) ?? versionAsked(words);
  if (asked === undefined || typeof asked === "string") return asked;
  const { typed, config } = findFrameworkNames(words, process.cwd());
  if (typed !== undefined || config !== undefined) return undefined;
  return commandHelp(asked, (await defaultFramework.loadCommandLine()).commandLine);
}
