import type { CliContext } from "../context/cli-context.ts";

/** Creates the context of this process. */
export function createProcessContext(): CliContext {
  return {
    env: process.env,
    folder: process.cwd(),
    // Opened on first use, because that takes 3 ms and most commands ask nothing.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    signals: process,
    now: Date.now,
    exit: (code) => process.exit(code),
    run: async (words) => (await import("./run-in-place.ts")).runInPlace(words),
    engine: async () => (await import("./engine.ts")).createEngine(process.env, process.cwd()),
  };
}
