// Checks and hashes a dataset in its own process and prints the memory that it took: `node --conditions=@unitrain/source plan-memory.ts <folder>`.
import { checkAll } from "../src/check-all.ts";
import { checkOptions } from "../src/options/options.ts";
import { createQuietContext } from "./quiet-context.ts";

const loadedBytes = process.memoryUsage.rss();
const source = { kind: "local", path: process.argv[2] ?? "" } as const;
const report = await checkAll(source, checkOptions({}), createQuietContext());
let files = 0;
for await (const batch of report.manifest.entries()) files += batch.length;
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ summary: report.summary, files, loadedBytes, peakBytes }));
