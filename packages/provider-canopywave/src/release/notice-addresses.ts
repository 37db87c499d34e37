import type { ApiRequestContext } from "@unitrain/core/http";
import { ApiFailure } from "@unitrain/core/http";
import type { Resource } from "@unitrain/core/spec";
import { listRegions, readReference, wasSeen } from "../names.ts";
import type { AddressOwner } from "./address-owner.ts";

/** Timeout of each read. The instance costs money meanwhile. */
const timeoutMs = 3_000;

/**
 * Records which addresses our instances use, before they are terminated. Needed only when the ledger has an address without an id:
 * addresses have no names, so nothing else can tell later that it is ours. Failed reads are ignored.
 */
export async function noticeAddresses(
  ourResources: readonly Resource[],
  owner: AddressOwner,
  requestContext: ApiRequestContext,
): Promise<void> {
  if (!ourResources.some(({ kind, id }) => kind === "address" && id === undefined)) return;
  const quickContext: ApiRequestContext = { ...requestContext, singleAttempt: { timeoutMs: timeoutMs } };
  const places = new Map<string, { readonly project: string; readonly region: string }>();
  const reads: Promise<unknown>[] = [];
  for (const resource of ourResources.filter(({ kind }) => kind !== "ssh-key")) {
    const { project } = readReference(resource);
    const seen = wasSeen(resource);
    if (project === undefined) continue;
    for (const region of listRegions(resource)) places.set(`${project} ${region}`, { project, region });
    const { kind, id, region } = resource;
    if (kind === "instance" && id !== undefined && region !== undefined) {
      reads.push(owner.readInstanceAddress({ project, region, id, seen }, quickContext));
    }
  }
  for (const { project, region } of places.values()) reads.push(owner.list(project, region, quickContext));
  for (const read of await Promise.allSettled(reads)) {
    if (read.status === "rejected" && !(read.reason instanceof ApiFailure)) throw read.reason;
  }
}
