import type { Resource } from "../spec/index.ts";
import type { ActiveLease } from "./active-lease.ts";

/**
 * Returns the lease's unreleased resources in the form that its provider receives. A resource with an id that has been seen
 * running carries `seenAt`: if the provider can no longer find it, it is gone and not just too new to be listed.
 */
export function getResources({ ledger }: ActiveLease, runningSince?: number): readonly Resource[] {
  const { unreleased, connectedAt } = ledger.state;
  const seenAt =
    connectedAt ?? (runningSince === undefined ? undefined : new Date(runningSince).toISOString());
  if (seenAt === undefined) return unreleased;
  return unreleased.map((resource) => (resource.id === undefined ? resource : { ...resource, seenAt }));
}
