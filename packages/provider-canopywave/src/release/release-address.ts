import type { ReleaseProof } from "@unitrain/core/spec";
import type { Ip } from "../api/answers.ts";
import type { Place } from "../api/calls.ts";
import { ApiFailure, isStatus } from "../api/failure.ts";
import { possiblyOurs, severalPossible } from "../lease/give-address.ts";
import { referenceOf } from "../names.ts";
import { type Giving, type Round, untilGone } from "./giving.ts";

interface OurAddress {
  readonly id: string;
  readonly place: Place;
  removed: boolean;
  missing: number;
}

/** Removes the address that this lease allocated, and no other. `owners`: names and ids of our own instances. */
export function releaseAddress(giving: Giving, owners: readonly string[]): Promise<ReleaseProof> {
  const { resource } = giving;
  const { asked } = referenceOf(resource);
  let ours: OurAddress | undefined =
    resource.id === undefined ? undefined : addressOf(giving, resource.id, giving.regions[0] ?? "");

  return untilGone(giving, async (): Promise<Round> => {
    if (ours === undefined) {
      if (asked === false) return { gone: "it was never allocated" };
      const found = await findOurs(giving, owners);
      if (!("id" in found)) return found;
      ours = found;
    }
    return remove(giving, ours, owners);
  });
}

function addressOf({ project }: Giving, id: string, region: string): OurAddress {
  return { id, place: { project, region }, removed: false, missing: 0 };
}

/** By the ids that were there before. One that nobody owns may be a colleague's of this moment: it is judged when all has settled. */
async function findOurs(giving: Giving, owners: readonly string[]): Promise<OurAddress | Round> {
  const { calls, context, now, project, regions, resource, settledAt } = giving;
  const { before: noted, possible: undecided } = referenceOf(resource);
  if (undecided !== undefined) return waitForAPerson(giving, undecided);
  const possible: (Ip & { readonly region: string })[] = [];
  // The ids from before are of one region: in another one everything would look new.
  const before = resource.region === undefined ? undefined : noted;
  const places = before === undefined || resource.region === undefined ? regions : [resource.region];
  for (const region of places) {
    const ips = await calls.ips({ project, region }, context);
    const fresh =
      before === undefined
        ? ips.filter(({ server }) => server && owners.includes(server))
        : possiblyOurs(ips, before, owners);
    possible.push(...fresh.map((ip) => ({ ...ip, region })));
  }
  const [first] = possible;
  const settled = before === undefined || now() >= settledAt;
  const sure = possible.length === 1 && first?.server;
  if (!settled && !sure) return { waitingFor: "it may appear late" };
  if (possible.length > 1) throw severalPossible(possible);
  if (first !== undefined) return addressOf(giving, first.id, first.region);
  return {
    gone:
      before === undefined
        ? `GET /ips lists none of ${resource.name}`
        : `GET /ips lists none that was not there before it was asked for${resource.recordedAt ? `, since ${resource.recordedAt}` : ""}`,
  };
}

/** One of them is ours, and neither is touched: it is over when a person has removed one. */
async function waitForAPerson(
  { calls, context, project, regions }: Giving,
  undecided: readonly string[],
): Promise<Round> {
  const ips = await Promise.all(regions.map((region) => calls.ips({ project, region }, context)));
  const there = ips.flat().filter(({ id }) => undecided.includes(id));
  if (there.length === undecided.length) throw severalPossible(there);
  const removed = undecided.filter((id) => there.every((ip) => ip.id !== id));
  return { gone: `GET /ips no longer lists ${removed.join(", ")}, of those that were possibly ours` };
}

async function remove(giving: Giving, ours: OurAddress, owners: readonly string[]): Promise<Round> {
  const { calls, context } = giving;
  const { id, place } = ours;
  const listed = (await calls.ips(place, context)).find((ip) => ip.id === id);
  if (listed === undefined && ours.removed) {
    ours.missing += 1;
    if (ours.missing > 1) return { gone: `DELETE /ips/${id} was answered, and GET /ips no longer lists it` };
    return { waitingFor: "one more look" };
  }
  ours.missing = 0;
  // We allocated it and pay for it: whoever moved it elsewhere took what was not his.
  if (listed?.server && !owners.includes(listed.server)) {
    context.say(`the address ${listed.ip ?? id} of this run was moved to ${listed.server}; it is removed`);
  }
  if (listed?.server) await ignoring(anyFailure, calls.disassociateIp(place, id, context));
  await ignoring(isMissing, calls.removeIp(place, id, context));
  ours.removed = true;
  return { waitingFor: "it is listed still" };
}

async function ignoring(ignored: (failure: ApiFailure) => boolean, call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || !ignored(failure)) throw failure;
  }
}

/** Removing may work all the same; when not, that tells why. */
const anyFailure = () => true;
const isMissing = (failure: ApiFailure) => isStatus(failure, 404);
