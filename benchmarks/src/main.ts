/**
 * All benchmarks by name, imported when needed. `npm run bench -- help line` runs two of them, and `npm run bench -- upload/loopback` one
 * case of a benchmark.
 */
const benchmarks: Readonly<Record<string, (only?: string) => Promise<void>>> = {
  help: async () => (await import("./help.ts")).help(),
  start: async () => (await import("./start.ts")).start(),
  check: async () => (await import("./check.ts")).check(),
  upload: async (only) => (await import("./upload/upload.ts")).upload(only),
  ready: async () => (await import("./ready.ts")).ready(),
  line: async () => (await import("./line.ts")).line(),
  sanitize: async () => (await import("./sanitize.ts")).sanitize(),
};

const words = process.argv.slice(2).map((word) => word.split("/"));
const unknown = words.filter(([name = ""]) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`Unknown benchmark ${unknown.join(", ")}. Use one of ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(2);
}
for (const [name, run] of Object.entries(benchmarks)) {
  if (words.length === 0) await run();
  for (const [word, only] of words) if (word === name) await run(only);
}
