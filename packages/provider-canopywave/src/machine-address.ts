import { BlockList, isIPv4 } from "node:net";
import type { Server } from "./api/answers.ts";

const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
] as const) {
  privateNetworks.addSubnet(network, prefix);
}

/**
 * Finds the public address of an instance: a floating address, the public address of the list, or the server's own when it is not
 * private. The first of `addresses` is the private one.
 */
export function findPublicAddress(server: Server, publicIp?: string | null): string | undefined {
  const floating = Object.values(server.addresses ?? {})
    .flat()
    .filter((address) => address["OS-EXT-IPS:type"] === "floating")
    .map(({ addr }) => addr);
  const accessAddress = server.accessIPv4 ?? "";
  const candidates = [
    ...floating,
    publicIp ?? "",
    ...(isIPv4(accessAddress) && !privateNetworks.check(accessAddress) ? [accessAddress] : []),
  ];
  return candidates.find((address) => isIPv4(address));
}
