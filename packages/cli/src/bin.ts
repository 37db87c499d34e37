#!/usr/bin/env node
import module from "node:module";
import { findFrameworkNames } from "./framework/find-framework-names.ts";
import { defaultFramework } from "./modules/default-framework.ts";
import { describeUnsupportedNode } from "./program/node-version.ts";
import { isVersionRequested } from "./program/version.ts";
import { formatCommandHelp } from "./settings/help/help-text.ts";
import { findRequestedHelp } from "./settings/help/requested-help.ts";

const complaint = describeUnsupportedNode(process.version);
const words = process.argv.slice(2);
// Help and version are answered without loading the program, so that they appear at once.
const answer = complaint === undefined ? await readAnswer() : undefined;
if (complaint !== undefined) {
  console.error(complaint);
  process.exitCode = 1;
} else if (answer !== undefined) {
  // A reader that closes the pipe early (`unitrain --help | head -1`) is not an error.
  process.stdout.on("error", () => {});
  process.stdout.write(answer);
} else {
  // Node keeps the compiled code in the folder for temporary files, which halves the time of the next start.
  module.enableCompileCache();
  await (await import("./app.ts")).runProcess();
}

/** Returns the requested help or version. Returns undefined for any other command line, and for help that depends on another framework than the default. */
async function readAnswer(): Promise<string | undefined> {
  const asked = findRequestedHelp(words) ?? isVersionRequested(words);
  if (asked === undefined || typeof asked === "string") return asked;
  const { flag: typed, config } = findFrameworkNames(words, process.cwd());
  if (typed !== undefined || config !== undefined) return undefined;
  return formatCommandHelp(asked, (await defaultFramework.loadCommandLine()).commandLine);
}
