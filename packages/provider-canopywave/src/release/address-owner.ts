import type { ApiRequestContext } from "@unitrain/core/http";
import type { Resource } from "@unitrain/core/spec";
import type { Ip } from "../api/answers.ts";
import type { Calls } from "../api/calls.ts";
import { findPublicAddress } from "../machine-address.ts";

/** An address with its region. */
export type ListedIp = Ip & { readonly region: string };

/** An instance with its id from the ledger. `seen` when the provider showed it under our name before. */
interface NotedInstance {
  readonly project: string;
  readonly region: string;
  readonly id: string;
  readonly seen: boolean;
}

/**
 * Remembers which addresses our instances used. A terminated instance loses its addresses, so they are recorded from every list that is
 * read, first before anything is terminated.
 */
export interface AddressOwner {
  /** Lists the addresses of a region. Throws ApiFailure. */
  list(project: string, region: string, requestContext: ApiRequestContext): Promise<readonly ListedIp[]>;
  /** Reads the public address of one of our instances. Throws ApiFailure. */
  readInstanceAddress(instance: NotedInstance, requestContext: ApiRequestContext): Promise<void>;
  /** Whether one of our instances uses the address, or has used it during this release. */
  isOurs(ip: Ip): boolean;
  /** Whether one of our instances uses the address now. */
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
