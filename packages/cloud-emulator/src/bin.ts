#!/usr/bin/env node
import { runEmulator } from "./canopywave/terminal/run.ts";

const [cloud, ...flags] = process.argv.slice(2);
if (cloud === "canopywave") process.exitCode = await runEmulator(flags, process);
else {
  process.stderr.write(
    "Usage: unitrain-cloud-emulator canopywave [flags]. For the flags, run unitrain-cloud-emulator canopywave --help.\n",
  );
  process.exitCode = cloud === "--help" ? 0 : 2;
}
