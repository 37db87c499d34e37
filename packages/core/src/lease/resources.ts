import type { Resource } from "../spec/index.ts";
import type { ActiveLease } from "./active-lease.ts";

/**
 * Everything of the lease that may be paid for, as its provider is given it. What has an id and was seen to run carries
 * `seenAt`: when it cannot be found any more it is gone, and not merely too young to be listed.
 */
export function getResources({ ledger }: ActiveLease, runningSince?: number): readonly Resource[] {
  const { unreleased, connectedAt } = ledger.state;
  const seenAt =
    connectedAt ?? (runningSince === undefined ? undefined : new Date(runningSince).toISOString());
  if (seenAt === undefined) return unreleased;
  return unreleased.map((resource) => (resource.id === undefined ? resource : { ...resource, seenAt }));
}
