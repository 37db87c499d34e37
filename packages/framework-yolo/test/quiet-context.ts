import type { CallContext } from "@unitrain/core/spec";

/** A context whose messages nobody hears. */
export function createQuietContext(
  signal: CallContext["signal"] = new AbortController().signal,
): CallContext {
  return { signal, secret: () => {}, showStatus: () => {}, wait: async () => {} };
}
