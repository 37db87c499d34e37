import type { RoundResult } from "@unitrain/core/http";
import { hasStatus } from "@unitrain/core/http";
import type { ReleaseProof } from "@unitrain/core/spec";
import { readReference } from "../names.ts";
import { type ReleaseOperation, waitUntilGone } from "./operation.ts";

/** Removes the key in every region where it was or may have been registered. */
export function releaseKey(operation: ReleaseOperation): Promise<ReleaseProof> {
  const { now, regions, resource } = operation;
  const { asked } = readReference(resource);
  const wasNeverRequested = asked === false && resource.id === undefined;
  // A registered key is removed without reading; otherwise the list tells where it is.
  const presentIn = new Set(resource.id === undefined ? [] : regions);
  const removedIn = new Set<string>();

  return waitUntilGone(operation, {
    async end() {
      const removals = await Promise.allSettled(
        [...presentIn].map(async (region) => {
          await removeKey(operation, region);
          removedIn.add(region);
        }),
      );
      for (const removal of removals) if (removal.status === "rejected") throw removal.reason;
      return removedIn.size > 0;
    },
    async prove(): Promise<RoundResult> {
      const listings = await Promise.allSettled(
        regions.map(async (region) => {
          if (await isListed(operation, region, wasNeverRequested)) presentIn.add(region);
          else if (removedIn.has(region)) presentIn.delete(region);
        }),
      );
      for (const listing of listings) if (listing.status === "rejected") throw listing.reason;
      if (presentIn.size > 0) return { waitingFor: `it is listed in ${[...presentIn].join(", ")}` };
      const evidence = `GET /ssh-keys does not list it in ${regions.join(", ")}`;
      // When the response of a second region was lost, the key may still appear there.
      const isSettled = now() >= operation.settledAt || regions.every((region) => removedIn.has(region));
      if (removedIn.size > 0 && (isSettled || asked !== true))
        return { gone: `DELETE /ssh-keys/${resource.name} was answered, and ${evidence}` };
      if (wasNeverRequested) return { gone: `it was never registered, and ${evidence}` };
      return isSettled ? { gone: `it never appeared: ${evidence}` } : { waitingFor: "it may appear late" };
    },
  });
}

/** Whether the region lists the key. Where nothing was requested, a region or project that does not exist has no key. */
async function isListed(
  { requestContext, calls, project, resource }: ReleaseOperation,
  region: string,
  wasNeverRequested: boolean,
): Promise<boolean> {
  try {
    return (await calls.keys({ project, region }, requestContext)).some(({ name }) => name === resource.name);
  } catch (failure) {
    if (wasNeverRequested && hasStatus(failure, 404)) return false;
    throw failure;
  }
}

async function removeKey(
  { requestContext, calls, project, resource }: ReleaseOperation,
  region: string,
): Promise<void> {
  try {
    await calls.removeKey({ project, region }, resource.name, requestContext);
  } catch (failure) {
    if (!hasStatus(failure, 404)) throw failure;
  }
}
