import type { ReleaseProof } from "@unitrain/core/spec";
import { ApiFailure, isStatus } from "../api/failure.ts";
import { referenceOf } from "../names.ts";
import { type Giving, type Round, untilGone } from "./giving.ts";

/** Removes the key in every region where it was, or may have been, registered. */
export function releaseKey(giving: Giving): Promise<ReleaseProof> {
  const { calls, context, now, project, regions, resource } = giving;
  const { name } = resource;
  const neverAsked = referenceOf(resource).asked === false && resource.id === undefined;
  const answered = resource.id !== undefined;
  let removed = false;

  return untilGone(giving, async (): Promise<Round> => {
    const left: string[] = [];
    for (const region of regions) {
      const place = { project, region };
      if ((await calls.keys(place, context)).some((key) => key.name === name)) {
        await remove(giving, region);
        removed = true;
      }
      if ((await calls.keys(place, context)).some((key) => key.name === name)) left.push(region);
    }
    if (left.length > 0) return { waitingFor: `it is listed in ${left.join(", ")}` };
    const where = `GET /ssh-keys does not list it in ${regions.join(", ")}`;
    if (removed || answered) return { gone: `DELETE /ssh-keys/${name} was answered, and ${where}` };
    if (neverAsked) return { gone: `it was never registered, and ${where}` };
    return now() < giving.settledAt
      ? { waitingFor: "it may appear late" }
      : { gone: `it never appeared: ${where}` };
  });
}

async function remove({ calls, context, project, resource }: Giving, region: string): Promise<void> {
  try {
    await calls.removeKey({ project, region }, resource.name, context);
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || !isStatus(failure, 404)) throw failure;
  }
}
