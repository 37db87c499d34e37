/** All benchmarks by name, imported when needed. `npm run benchmark -- help ship` runs two of them. */
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  help: async () => (await import("./help.ts")).help(),
  start: async () => (await import("./start.ts")).start(),
  check: async () => (await import("./check.ts")).check(),
  ship: async () => (await import("./ship.ts")).ship(),
  ready: async () => (await import("./ready.ts")).ready(),
  line: async () => (await import("./line.ts")).line(),
  sanitize: async () => (await import("./sanitize.ts")).sanitize(),
};

const words = process.argv.slice(2);
const unknown = words.filter((word) => !Object.hasOwn(benchmarks, word));
if (unknown.length > 0) {
  console.error(`Unknown benchmark ${unknown.join(", ")}. Use one of ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(2);
}
for (const [word, run] of Object.entries(benchmarks))
  if (words.length === 0 || words.includes(word)) await run();
