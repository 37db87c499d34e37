#!/usr/bin/env node
import { helpAsked } from "./help/help-asked.ts";
import { complaintAboutNode } from "./node-version.ts";

const complaint = complaintAboutNode(process.version);
// Help is asked for often and wanted at once: it waits for nothing else.
const help = helpAsked(process.argv.slice(2));
if (complaint !== undefined) {
  console.error(complaint);
  process.exitCode = 1;
} else if (help !== undefined) {
  // A reader that went away (`unitrain --help | head -1`) is no error.
  process.stdout.on("error", () => {});
  process.stdout.write(help);
} else await (await import("./process.ts")).runProcess();
