import { UnitrainError } from "@unitrain/core/spec";
import type { HostConfig, HostName, ReadHostConfig } from "./host-config.ts";
import { parseJumps } from "./jumps.ts";

/** One host on the way to a machine, with its configuration. */
export interface RouteHost {
  readonly name: HostName;
  readonly config: HostConfig;
}

const maxJumps = 8;

/**
 * Finds the hosts on the way, with the machine as the last, as `ssh -J` does: the first jump host is reached by its own ProxyJump or
 * ProxyCommand, and each of the others through the one before it.
 */
export async function findRoute(machine: HostName, read: ReadHostConfig): Promise<readonly RouteHost[]> {
  const route: RouteHost[] = [];
  let pending: readonly HostName[] = [machine];
  while (pending.length > 0) {
    const hosts = await Promise.all(pending.map(async (name) => ({ name, config: await read(name) })));
    route.unshift(...hosts);
    if (route.length > maxJumps + 1) {
      throw new UnitrainError("INVALID_OPTIONS", `ProxyJump has more than ${maxJumps} hosts.`, {
        hint: `Use at most ${maxJumps}, and check whether a \`Host *\` sends a jump host through itself.`,
      });
    }
    const { proxyJump } = hosts[0]?.config ?? {};
    pending = proxyJump === undefined ? [] : parseJumps(proxyJump);
  }
  return route;
}
