#!/usr/bin/env node
import { runEmulator } from "./terminal/run.ts";

process.exitCode = await runEmulator(process.argv.slice(2), process);
