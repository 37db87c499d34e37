import type { ReleaseProof } from "@unitrain/core/spec";
import { ApiFailure, isStatus } from "../api/failure.ts";
import { referenceOf } from "../names.ts";
import { type Giving, type Round, untilGone } from "./giving.ts";

/** A terminate may be accepted and forgotten. */
const askAgainMs = 10_000;

/** One instance that is ours, by the id we were given or by its exact name. */
interface Known {
  readonly id: string;
  readonly regions: readonly string[];
  /** It was there once; so when it cannot be found it is gone, and not merely young. */
  seen: boolean;
  notFound: number;
  askedAt?: number;
  gone?: string;
  state: string;
}

/** Terminates every instance of this exact name, and proves by id that each one is gone. Off the list alone proves nothing. */
export function releaseInstance(giving: Giving): Promise<ReleaseProof> {
  const { resource, now } = giving;
  const known = new Map<string, Known>();
  let looks = 0;
  if (resource.id !== undefined) add(known, resource.id, giving.regions);
  const neverAsked = referenceOf(resource).asked === false && resource.id === undefined;

  return untilGone(giving, async (): Promise<Round> => {
    await addListed(giving, known);
    looks += 1;
    for (const one of known.values()) if (one.gone === undefined) await end(giving, one, known);
    const left = [...known.values()].filter((one) => one.gone === undefined);
    if (left.length > 0) return { waitingFor: left.map(({ id, state }) => `${id} ${state}`).join(", ") };
    const evidence = [...known.values()].map(({ gone }) => gone).join("; ");
    if (known.size > 0) return { gone: evidence };
    if (neverAsked) return { gone: `it was never launched, and GET /instances lists no ${resource.name}` };
    if (now() < giving.settledAt || looks < 2) return { waitingFor: "it may appear late" };
    return { gone: `GET /instances never listed ${resource.name}, in ${looks} looks${since(giving)}` };
  });
}

function add(known: Map<string, Known>, id: string, regions: readonly string[]): void {
  known.set(id, { id, regions, seen: false, notFound: 0, state: "not looked at" });
}

/** Whatever carries the exact name is ours: a lost answer may have left a second one. */
async function addListed(
  { calls, context, project, regions, resource }: Giving,
  known: Map<string, Known>,
): Promise<void> {
  for (const listed of await calls.instances(project, context)) {
    if (listed.name !== resource.name) continue;
    const one = known.get(listed.id);
    if (one === undefined) add(known, listed.id, listed.region ? [listed.region] : regions);
    // Listed and not found at once is a fault of the API.
    else if (one.gone === undefined) one.notFound = 0;
  }
}

async function end(giving: Giving, one: Known, known: Map<string, Known>): Promise<void> {
  const { calls, context, now, project, resource, settledAt } = giving;
  for (const region of one.regions) {
    const place = { project, region };
    try {
      const server = await calls.instance(place, one.id, context);
      if (server.name && server.name !== resource.name) {
        // An absurd answer gave us somebody else's id: that one is not touched.
        known.delete(one.id);
        return;
      }
      one.seen = true;
      one.notFound = 0;
      one.state = [server.status, server["OS-EXT-STS:task_state"]].filter(Boolean).join(", ");
      if (/^(?:DELETED|TERMINATED)$/i.test(server.status)) {
        one.gone = `GET /instances/${one.id} says ${server.status.toUpperCase()}`;
      } else if (one.askedAt === undefined || now() - one.askedAt > askAgainMs) {
        await calls.terminate(place, one.id, context);
        one.askedAt = now();
      }
      return;
    } catch (failure) {
      if (!(failure instanceof ApiFailure) || !isStatus(failure, 404)) throw failure;
    }
  }
  one.notFound += 1;
  one.state = "not found";
  // Once may be a slip, and a young one may not be found yet.
  if (one.notFound >= 2 && (one.seen || now() >= settledAt)) {
    one.gone = `GET /instances/${one.id} answered 404`;
  }
}

function since({ resource }: Giving): string {
  return resource.recordedAt === undefined ? "" : ` since ${resource.recordedAt}`;
}
