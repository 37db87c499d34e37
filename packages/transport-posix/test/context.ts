import { setTimeout as sleep } from "node:timers/promises";
import type { RunContext } from "@unitrain/core/spec";

/** Creates the context of a call like core, and keeps its status messages. */
export function testContext(signal: AbortSignal = new AbortController().signal): RunContext & {
  readonly statusMessages: readonly string[];
} {
  const statusMessages: string[] = [];
  return {
    signal,
    secret: () => {},
    showStatus: (message) => statusMessages.push(message),
    wait: (ms) => sleep(ms, undefined, { signal }),
    runId: "run",
    leaseId: "installation-run-1",
    folder: "/nonexistent",
    statusMessages,
  };
}
