#!/usr/bin/env node
import { canopywave } from "./canopywave/terminal.ts";
import { lambda } from "./lambda/terminal.ts";
import { runpod } from "./runpod/terminal.ts";
import { runEmulator } from "./terminal/run.ts";

const clouds = [canopywave, lambda, runpod];
const [word, ...flags] = process.argv.slice(2);
const cloud = clouds.find(({ name }) => name === word);
if (cloud === undefined) {
  const names = clouds.map(({ name }) => name).join("|");
  process.stderr.write(
    `Usage: unitrain-cloud-emulator ${names} [flags]. For the flags, add --help after the name of a cloud.\n`,
  );
  process.exitCode = word === "--help" ? 0 : 2;
} else process.exitCode = await runEmulator(cloud, flags, process);
