import type { RoundResult } from "@unitrain/core/http";
import { ApiFailure, hasStatus } from "@unitrain/core/http";
import { type ReleaseProof, type Resource, UnitrainError } from "@unitrain/core/spec";
import { findPossiblyOurs, severalPossibleError } from "../lease/assign-address.ts";
import { readReference } from "../names.ts";
import type { AddressOwner, ListedIp } from "./address-owner.ts";
import { type ReleaseOperation, waitUntilGone } from "./operation.ts";

/** An address that this lease allocated. */
interface OurAddress {
  readonly id: string;
  readonly regions: readonly string[];
  wasRemoved: boolean;
  /** Number of consecutive lists without it. */
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

  return waitUntilGone(operation, {
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
        // An address without an owner may be a new one of somebody else, so it is decided only after the settle time.
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

/** Finds addresses that may be ours, by IP or by the ids that existed before. `isCertain` when no other address can be. */
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
  // The recorded ids are of one region; in another region all addresses would look new.
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
    // Where nothing was requested, a region or project that does not exist has no address.
    if (wasNeverRequested && hasStatus(list.reason, 404)) return [];
    throw list.reason;
  });
}

/** Waits until a person has removed one of the addresses: one of them is ours, and unitrain touches neither. */
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
 * Removes an address at once, and again in each round in which it is still listed, because a removal may be accepted and forgotten. It is
 * removed even when somebody else uses it, because this lease allocated it and pays for it.
 */
async function removeAddress(operation: ReleaseOperation, address: OurAddress): Promise<void> {
  if (address.wasRemoved && address.missingLists > 0) return;
  const { requestContext, calls, project } = operation;
  for (const region of address.regions) {
    const place = { project, region };
    // Some clouds refuse to remove an address that is in use, so it is disassociated first. Removing may work even if that fails.
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

/** Returns the error for an address known only by its IP, which may have been released before and belong to somebody else now. */
function takenOverError({ id, ip, server }: ListedIp, { name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `The address ${ip} (${id}) of ${name} is in use by ${server} now, and the ledger does not hold its id.`,
    {
      hint: "If nobody else allocated the address, release it in CanopyWave's console: it costs money until then. unitrain leaves it alone.",
    },
  );
}
