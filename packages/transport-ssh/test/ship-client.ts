// Uploads a folder over ssh in its own process and prints the time and memory that it took: `node --conditions=@unitrain/source ship-client.ts <json>`.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ManifestEntry } from "@unitrain/core/spec";
import { ssh } from "../src/ssh.ts";

const input = JSON.parse(process.argv[2] ?? "{}");
const transport = ssh(input.options);
const context = {
  signal: new AbortController().signal,
  secret: () => {},
  showStatus: () => {},
  wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  runId: "run",
  leaseId: "lease",
  folder: input.folder,
};
const session = await transport.connect(input.machine, context);
if ("ready" in session) throw new Error(session.reason);

async function* entries() {
  for (const folder of readdirSync(input.data, { withFileTypes: true })) {
    const names = folder.isDirectory() ? readdirSync(join(input.data, folder.name)) : [""];
    const batch: ManifestEntry[] = [];
    for (const name of names) {
      const file = join(input.data, folder.name, name);
      batch.push({ path: join(folder.name, name), from: { file }, sizeBytes: statSync(file).size });
    }
    yield batch;
  }
}

let files = 0;
let bytes = 0;
for await (const batch of entries()) {
  files += batch.length;
  for (const { sizeBytes } of batch) bytes += sizeBytes;
}
const loadedBytes = process.memoryUsage.rss();
const begin = performance.now();
const shipment = { manifest: { entries }, digest: input.digest, files, bytes, target: input.target };
const shipped = await session.ship(shipment, context, () => {});
const seconds = (performance.now() - begin) / 1000;
await session[Symbol.asyncDispose]();
console.log(
  JSON.stringify({ ...shipped, seconds, loadedBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }),
);
