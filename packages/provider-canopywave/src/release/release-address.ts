import { type ReleaseProof, type Resource, UnitrainError } from "@unitrain/core/spec";
import { ApiFailure, hasStatus } from "../api/failure.ts";
import { findPossiblyOurs, severalPossibleError } from "../lease/assign-address.ts";
import { readReference } from "../names.ts";
import type { AddressOwner, ListedIp } from "./address-owner.ts";
import { type ReleaseOperation, type RoundResult, untilGone } from "./operation.ts";

/** An address that this lease allocated. */
interface OurAddress {
  readonly id: string;
  readonly regions: readonly string[];
  wasRemoved: boolean;
  /** In how many lists in a row it was missing since. */
  missingLists: number;
}

/** Removes the address that this lease allocated, and no other. */
export function releaseAddress(operation: ReleaseOperation, owner: AddressOwner): Promise<ReleaseProof> {
  const { now, regions, resource, settledAt } = operation;
  const { asked, possible: undecided } = readReference(resource);
  const ours = new Map<string, OurAddress>();
  const add = (id: string, places: readonly string[]) =>
    void ours.set(id, { id, regions: places, wasRemoved: false, missingLists: 0 });
  let listings = 0;
  if (resource.id !== undefined)
    add(resource.id, resource.region === undefined ? regions : [resource.region]);

  return untilGone(operation, {
    async end() {
      const removals = await Promise.allSettled(
        [...ours.values()].map((address) => removeAddress(operation, address)),
      );
      for (const removal of removals) if (removal.status === "rejected") throw removal.reason;
      return ours.size > 0;
    },
    async prove(): Promise<RoundResult> {
      const listed = await listEverywhere(operation, owner);
      listings += 1;
      for (const { id, region } of listed.filter(owner.isOurs)) if (!ours.has(id)) add(id, [region]);
      if (ours.size === 0 && undecided !== undefined) return waitForPerson(listed, undecided);
      if (ours.size === 0 && asked !== false) {
        const { isCertain, possible } = findCandidates(operation, listed, owner);
        // One that nobody owns may be a colleague's of this moment: it is judged when all has settled.
        if (!isCertain && now() < settledAt) return { waitingFor: "it may appear late" };
        if (possible.length > 1) throw severalPossibleError(possible);
        for (const { id, region } of possible) add(id, [region]);
      }
      if (ours.size === 0) {
        return listings > 1 ? { gone: describeAbsence(operation) } : { waitingFor: "one more look" };
      }
      const waiting = [...ours.values()].filter((address) => !isRemoved(address, listed));
      if (waiting.length > 0)
        return { waitingFor: waiting.map(({ id }) => `${id} is still listed`).join(", ") };
      return { gone: [...ours.keys()].map(describeRemoval).join("; ") };
    },
  });
}

/** Addresses that may be ours, by their ip or by the ids that were there before; `sure` when nothing else can be. */
function findCandidates(
  { resource }: ReleaseOperation,
  listed: readonly ListedIp[],
  owner: AddressOwner,
): { readonly isCertain: boolean; readonly possible: readonly ListedIp[] } {
  const { before, ip } = readReference(resource);
  if (ip !== undefined) {
    const possible = listed.filter((address) => address.ip === ip);
    const foreignAddress = possible.find((address) => address.server && !owner.isOurs(address));
    if (foreignAddress !== undefined) throw takenOverError(foreignAddress, resource);
    return { isCertain: true, possible };
  }
  // The ids from before are of one region: in another one everything would look new.
  if (before === undefined || resource.region === undefined) return { isCertain: true, possible: [] };
  const inRegion = listed.filter(({ region }) => region === resource.region);
  const newIps = findPossiblyOurs(inRegion, before, []);
  return {
    isCertain: false,
    possible: inRegion.filter(({ id }) => newIps.some((address) => address.id === id)),
  };
}

async function listEverywhere(
  { requestContext, project, regions, resource }: ReleaseOperation,
  owner: AddressOwner,
): Promise<readonly ListedIp[]> {
  const wasNeverRequested = readReference(resource).asked === false;
  const lists = await Promise.allSettled(
    regions.map((region) => owner.list(project, region, requestContext)),
  );
  return lists.flatMap((list) => {
    if (list.status === "fulfilled") return list.value;
    // Where nothing was ever asked for, a place that does not exist has no address either.
    if (wasNeverRequested && hasStatus(list.reason, 404)) return [];
    throw list.reason;
  });
}

/** One of them is ours, and neither is touched: it is over when a person has removed one. */
function waitForPerson(listed: readonly ListedIp[], undecided: readonly string[]): RoundResult {
  const remaining = listed.filter(({ id }) => undecided.includes(id));
  if (remaining.length === undecided.length) throw severalPossibleError(remaining);
  const removed = undecided.filter((id) => remaining.every((ip) => ip.id !== id));
  return { gone: `GET /ips no longer lists ${removed.join(", ")}, of those that were possibly ours` };
}

function describeAbsence({ resource }: ReleaseOperation): string {
  const { asked, before, ip } = readReference(resource);
  if (asked === false) return `none was ever asked for, and GET /ips lists none in use by ${resource.name}`;
  if (ip !== undefined) return `GET /ips does not list ${ip}`;
  if (before === undefined) return `GET /ips lists none in use by ${resource.name}`;
  const since = resource.recordedAt === undefined ? "" : `, since ${resource.recordedAt}`;
  return `GET /ips lists none that was not there before it was asked for${since}`;
}

function isRemoved(address: OurAddress, listed: readonly ListedIp[]): boolean {
  address.missingLists = listed.some(({ id }) => id === address.id) ? 0 : address.missingLists + 1;
  return address.wasRemoved && address.missingLists > 1;
}

function describeRemoval(id: string): string {
  return `DELETE /ips/${id} was answered, and GET /ips no longer lists it`;
}

/**
 * At once, and again in each round in which it is still listed: a removal may be accepted and forgotten. Whoever
 * moved it to an instance of his own took what is not his: this lease allocated it and pays for it.
 */
async function removeAddress(operation: ReleaseOperation, address: OurAddress): Promise<void> {
  if (address.wasRemoved && address.missingLists > 0) return;
  const { requestContext, calls, project } = operation;
  for (const region of address.regions) {
    const place = { project, region };
    // Some clouds refuse to remove an address that is in use. Where this fails, removing may work all the same.
    const release = () => calls.removeIp(place, address.id, requestContext);
    try {
      await release().catch(async (failure: unknown) => {
        if (!mayBeInUse(failure)) throw failure;
        await calls.disassociateIp(place, address.id, requestContext).catch(ignoreApiFailure);
        await release();
      });
    } catch (failure) {
      if (!hasStatus(failure, 404)) throw failure;
    }
  }
  address.wasRemoved = true;
}

function mayBeInUse(failure: unknown): boolean {
  return [400, 409, 422].some((status) => hasStatus(failure, status));
}

function ignoreApiFailure(failure: unknown): void {
  if (!(failure instanceof ApiFailure)) throw failure;
}

/** Known by its ip alone, it may have been released before and be a colleague's by now. */
function takenOverError({ id, ip, server }: ListedIp, { name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `The address ${ip} (${id}) of ${name} is in use by ${server} now, and the ledger does not hold its id.`,
    {
      hint: "It is left alone. If nobody else allocated it, release it in CanopyWave's console: an address costs money until then.",
    },
  );
}
