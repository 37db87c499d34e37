import type { CallContext } from "@unitrain/core/spec";

/** Creates a context that discards all messages. */
export function createQuietContext(
  signal: CallContext["signal"] = new AbortController().signal,
): CallContext {
  return { signal, secret: () => {}, showStatus: () => {}, wait: async () => {} };
}
