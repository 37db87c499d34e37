import type { ReleaseProof } from "@unitrain/core/spec";
import { isStatus } from "../api/failure.ts";
import { referenceOf } from "../names.ts";
import { type ReleaseOperation, type Round, untilGone } from "./operation.ts";

/** Removes the key in every region where it was, or may have been, registered. */
export function releaseKey(operation: ReleaseOperation): Promise<ReleaseProof> {
  const { now, regions, resource } = operation;
  const { asked } = referenceOf(resource);
  const wasNeverRequested = asked === false && resource.id === undefined;
  // A key that was registered is removed unseen; else the list tells where it is.
  const present = new Set(resource.id === undefined ? [] : regions);
  const removedIn = new Set<string>();

  return untilGone(operation, {
    async end() {
      const removals = await Promise.allSettled(
        [...present].map(async (region) => {
          await remove(operation, region);
          removedIn.add(region);
        }),
      );
      for (const removal of removals) if (removal.status === "rejected") throw removal.reason;
      return removedIn.size > 0;
    },
    async prove(): Promise<Round> {
      const listings = await Promise.allSettled(
        regions.map(async (region) => {
          if (await isListed(operation, region, wasNeverRequested)) present.add(region);
          else if (removedIn.has(region)) present.delete(region);
        }),
      );
      for (const listing of listings) if (listing.status === "rejected") throw listing.reason;
      if (present.size > 0) return { waitingFor: `it is listed in ${[...present].join(", ")}` };
      const evidence = `GET /ssh-keys does not list it in ${regions.join(", ")}`;
      // Asked for in a second region, and the answer lost: it may yet appear there.
      const isSettled = now() >= operation.settledAt || regions.every((region) => removedIn.has(region));
      if (removedIn.size > 0 && (isSettled || asked !== true))
        return { gone: `DELETE /ssh-keys/${resource.name} was answered, and ${evidence}` };
      if (wasNeverRequested) return { gone: `it was never registered, and ${evidence}` };
      return isSettled ? { gone: `it never appeared: ${evidence}` } : { waitingFor: "it may appear late" };
    },
  });
}

/** Where nothing was ever asked for, a place that does not exist has no key either. */
async function isListed(
  { requestContext, calls, project, resource }: ReleaseOperation,
  region: string,
  wasNeverRequested: boolean,
): Promise<boolean> {
  try {
    return (await calls.keys({ project, region }, requestContext)).some(({ name }) => name === resource.name);
  } catch (failure) {
    if (wasNeverRequested && isStatus(failure, 404)) return false;
    throw failure;
  }
}

async function remove(
  { requestContext, calls, project, resource }: ReleaseOperation,
  region: string,
): Promise<void> {
  try {
    await calls.removeKey({ project, region }, resource.name, requestContext);
  } catch (failure) {
    if (!isStatus(failure, 404)) throw failure;
  }
}
