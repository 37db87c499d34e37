import type { CallContext, Resource } from "@unitrain/core/spec";
import type { Calls } from "./api/calls.ts";
import { explainFailures } from "./api/explain.ts";
import { describePod, matchesNamingScheme } from "./names.ts";

/** Lists all pods whose names follow our naming scheme, of every installation. */
export function list(calls: Calls, context: CallContext): Promise<readonly Resource[]> {
  return explainFailures("listing our pods", async () => {
    const key = calls.getKeyFingerprint();
    return (await calls.pods(context)).flatMap(({ id, name, status }) =>
      name && matchesNamingScheme(name) && status.toUpperCase() !== "TERMINATED"
        ? [describePod(name, { id, asked: true, seen: true, key })]
        : [],
    );
  });
}
