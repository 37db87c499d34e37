// Connects over ssh, prints that, and stays until it is killed: `node --conditions=@unitrain/source stay-connected.ts <json>`.
import { setTimeout as sleep } from "node:timers/promises";
import { ssh } from "../src/ssh.ts";

const input = JSON.parse(process.argv[2] ?? "{}");
const context = {
  signal: new AbortController().signal,
  secret: () => {},
  showStatus: () => {},
  wait: (ms: number) => sleep(ms),
  runId: "run",
  leaseId: "lease",
  folder: input.folder,
};
const session = await ssh(input.options).connect(input.machine, context);
console.log("ready" in session ? session.reason : "connected");
await sleep(600_000);
