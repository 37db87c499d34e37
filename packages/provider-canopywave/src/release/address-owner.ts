import type { Resource } from "@unitrain/core/spec";
import type { Ip } from "../api/answers.ts";
import type { Calls } from "../api/calls.ts";
import type { ApiRequestContext } from "../api/client.ts";
import { findPublicAddress } from "../machine-address.ts";

/** An address together with the region that it was listed in. */
export type ListedIp = Ip & { readonly region: string };

/** An instance by an id from the ledger; `seen` when the provider showed it under our name before. */
interface NotedInstance {
  readonly project: string;
  readonly region: string;
  readonly id: string;
  readonly seen: boolean;
}

/**
 * Remembers which addresses were in use by our own instances. An instance that is terminated lets go of its addresses, so
 * this is noticed in every list that is read, and first of all before anything is terminated.
 */
export interface AddressOwner {
  /** Lists the addresses of a region. @throws ApiFailure */
  list(project: string, region: string, requestContext: ApiRequestContext): Promise<readonly ListedIp[]>;
  /** Asks for the public address of one of our instances. @throws ApiFailure */
  readInstanceAddress(instance: NotedInstance, requestContext: ApiRequestContext): Promise<void>;
  /** Whether the address is, or was in this release, in use by an instance of ours. */
  isOurs(ip: Ip): boolean;
  /** Whether an instance of ours has it now. */
  isOwnedNow(ip: Ip): boolean;
}

export function createAddressOwner(calls: Calls, ourResources: readonly Resource[]): AddressOwner {
  const owners = new Set(
    ourResources.flatMap(({ kind, name, id }) =>
      kind === "instance" && id !== undefined ? [name, id] : [name],
    ),
  );
  const ids = new Set<string>();
  const ips = new Set<string>();
  const isOwnedNow = ({ server }: Ip) => Boolean(server && owners.has(server));
  return {
    async list(project, region, requestContext) {
      const listed = await calls.ips({ project, region }, requestContext);
      for (const ip of listed) if (isOwnedNow(ip)) ids.add(ip.id);
      return listed.map((ip) => ({ ...ip, region }));
    },
    async readInstanceAddress({ project, region, id, seen: lastIds }, requestContext) {
      const server = await calls.instance({ project, region }, id, requestContext);
      const ip = lastIds || (server.name && owners.has(server.name)) ? findPublicAddress(server) : undefined;
      if (ip !== undefined) ips.add(ip);
    },
    isOurs: (ip) =>
      ids.has(ip.id) || (ip.ip !== null && ip.ip !== undefined && ips.has(ip.ip) && !isOwnedByOther(ip)),
    isOwnedNow,
  };

  function isOwnedByOther(ip: Ip): boolean {
    return Boolean(ip.server) && !isOwnedNow(ip);
  }
}
