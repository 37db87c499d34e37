import type { Resource } from "@unitrain/core/spec";
import type { ApiRequestContext } from "../api/client.ts";
import { ApiFailure } from "../api/failure.ts";
import { referenceOf, regionsOf, wasSeen } from "../names.ts";
import type { AddressOwner } from "./address-owner.ts";

/** Of each read: so long, at most, an instance is paid on for the sake of its address. */
const longestMs = 3_000;

/**
 * Notices which addresses our instances use, as long as they do. Only where the ledger has an address without an id:
 * an address has no name, so nothing else may tell later that it is ours. That no answer comes holds nothing up.
 */
export async function noticeAddresses(
  ours: readonly Resource[],
  owner: AddressOwner,
  requestContext: ApiRequestContext,
): Promise<void> {
  if (!ours.some(({ kind, id }) => kind === "address" && id === undefined)) return;
  const quickly: ApiRequestContext = { ...requestContext, once: { timeoutMs: longestMs } };
  const places = new Map<string, { readonly project: string; readonly region: string }>();
  const reads: Promise<unknown>[] = [];
  for (const resource of ours.filter(({ kind }) => kind !== "ssh-key")) {
    const { project } = referenceOf(resource);
    const seen = wasSeen(resource);
    if (project === undefined) continue;
    for (const region of regionsOf(resource)) places.set(`${project} ${region}`, { project, region });
    const { kind, id, region } = resource;
    if (kind === "instance" && id !== undefined && region !== undefined) {
      reads.push(owner.askInstance({ project, region, id, seen }, quickly));
    }
  }
  for (const { project, region } of places.values()) reads.push(owner.list(project, region, quickly));
  for (const read of await Promise.allSettled(reads)) {
    if (read.status === "rejected" && !(read.reason instanceof ApiFailure)) throw read.reason;
  }
}
