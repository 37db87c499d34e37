import type { ReleaseProof } from "@unitrain/core/spec";
import { ApiFailure, isStatus } from "../api/failure.ts";
import { referenceOf } from "../names.ts";
import { type Giving, type Round, untilGone } from "./giving.ts";

/** Removes the key in every region where it was, or may have been, registered. */
export function releaseKey(giving: Giving): Promise<ReleaseProof> {
  const { now, regions, resource } = giving;
  const { asked } = referenceOf(resource);
  const neverAsked = asked === false && resource.id === undefined;
  const removedIn = new Set<string>();

  return untilGone(giving, async (): Promise<Round> => {
    const left: string[] = [];
    for (const region of regions) {
      // A key that was registered is removed unseen: the list alone may be wrong once.
      const known = resource.id !== undefined && !removedIn.has(region);
      if (known || (await isListed(giving, region, neverAsked))) {
        await remove(giving, region);
        removedIn.add(region);
        if (await isListed(giving, region, neverAsked)) left.push(region);
      }
    }
    if (left.length > 0) return { waitingFor: `it is listed in ${left.join(", ")}` };
    const where = `GET /ssh-keys does not list it in ${regions.join(", ")}`;
    // Asked for in a second region, and the answer lost: it may yet appear there.
    const settled = now() >= giving.settledAt || regions.every((region) => removedIn.has(region));
    if (removedIn.size > 0 && (settled || asked !== true))
      return { gone: `DELETE /ssh-keys/${resource.name} was answered, and ${where}` };
    if (neverAsked) return { gone: `it was never registered, and ${where}` };
    return settled ? { gone: `it never appeared: ${where}` } : { waitingFor: "it may appear late" };
  });
}

/** Where nothing was ever asked for, a place that does not exist has no key either. */
async function isListed(
  { calls, context, project, resource }: Giving,
  region: string,
  neverAsked: boolean,
): Promise<boolean> {
  try {
    return (await calls.keys({ project, region }, context)).some(({ name }) => name === resource.name);
  } catch (failure) {
    if (neverAsked && isStatus(failure, 404)) return false;
    throw failure;
  }
}

async function remove({ calls, context, project, resource }: Giving, region: string): Promise<void> {
  try {
    await calls.removeKey({ project, region }, resource.name, context);
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || !isStatus(failure, 404)) throw failure;
  }
}
