import type { CallContext, Resource } from "@unitrain/core/spec";
import type { Calls } from "./api/calls.ts";
import { explainFailures } from "./api/explain.ts";
import { describeResource, matchesNamingScheme } from "./names.ts";

/** Lists all instances and keys whose names follow our naming scheme, of every installation. */
export function list(calls: Calls, context: CallContext): Promise<readonly Resource[]> {
  return explainFailures("listing our resources", async () => {
    const [instances, keys] = await Promise.all([calls.instances(context), calls.keys(context)]);
    const key = calls.getKeyFingerprint();
    return [
      ...instances.flatMap(({ id, name, region, status }) =>
        name && matchesNamingScheme(name) && status !== "terminated"
          ? [describeResource("instance", name, { id, region: region?.name, seen: true, key })]
          : [],
      ),
      ...keys
        .filter(({ name }) => matchesNamingScheme(name))
        .map(({ id, name }) => describeResource("ssh-key", name, { id, key })),
    ];
  });
}
