#!/usr/bin/env node
import { complaintAboutNode } from "./node-version.ts";

const complaint = complaintAboutNode(process.version);
if (complaint === undefined) await (await import("./process.ts")).runProcess();
else {
  console.error(complaint);
  process.exitCode = 1;
}
