#!/usr/bin/env node
import module from "node:module";
import { getCompileCacheFolder } from "./program/compile-cache.ts";
import { describeUnsupportedNode } from "./program/node-version.ts";

const complaint = describeUnsupportedNode(process.version);
const words = process.argv.slice(2);
// Help and version are answered without loading the program, so that they appear at once.
const mayAsk = words.some((word) => ["help", "--help", "-h", "--version", "-V"].includes(word));
const answer =
  complaint === undefined && mayAsk ? await (await import("./answer.ts")).readAnswer(words) : undefined;
if (complaint !== undefined) {
  console.error(complaint);
  process.exitCode = 1;
} else if (answer !== undefined) {
  // A reader that closes the pipe early (`unitrain --help | head -1`) is not an error.
  process.stdout.on("error", () => {});
  process.stdout.write(answer);
} else {
  // Node keeps the compiled code, which halves the time of the next start.
  const cache = getCompileCacheFolder(process.env);
  if (cache !== undefined) module.enableCompileCache(cache);
  await (await import("./app.ts")).runProcess();
}
