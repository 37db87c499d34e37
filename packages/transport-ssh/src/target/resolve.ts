import { type Machine, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { SshEnvironment } from "../environment.ts";
import { formatKnownHostsName } from "../host-key/host-key.ts";
import { getPinFile } from "../host-key/pin-file.ts";
import { getLeaseKeyFile } from "../keys/lease-key-file.ts";
import type { SshOptions } from "../options.ts";
import { createHop } from "./hop.ts";
import { createHostConfigReader } from "./read-host-config.ts";
import { findRoute, type RouteHost } from "./route.ts";
import { formatSshCommand } from "./ssh-command.ts";
import { readStoredRoute, storeRoute } from "./stored-route.ts";
import { formatAddress, type SshMachine, type Target } from "./target.ts";

export type ResolveContext = Pick<RunContext, "folder" | "signal">;

/** Resolves everything that is needed to connect to a machine, without connecting. */
export async function resolveTarget(
  machine: Machine,
  context: ResolveContext,
  options: SshOptions,
  environment: SshEnvironment,
): Promise<Target> {
  if (machine.connectionKind !== "ssh") {
    throw new UnitrainError(
      "TRANSPORT_MISMATCH",
      `Cannot connect by SSH to a machine with the connection kind ${machine.connectionKind}.`,
      { hint: "Use a transport that supports this kind of connection." },
    );
  }
  const { folder } = context;
  if (machine.trust === "lease") return createLeasedTarget(machine, folder, environment);
  const route = await loadRoute(machine, context, options, environment);
  const hops = route.map((host, index) => ({
    ...createHop(host, { folder, options, environment }),
    // Hosts behind a jump host are reached through it, even when they have a ProxyCommand.
    ...(index === 0 ? { proxyCommand: host.config.proxyCommand } : {}),
  }));
  const last = hops.at(-1);
  if (last === undefined) throw new Error("a route without a machine");
  const providerKey = machine.hostKey;
  return {
    ...last,
    ...(providerKey === undefined ? {} : { trust: { ...last.trust, providerKey } }),
    isLeased: false,
    jumps: hops.slice(0, -1),
  };
}

/** Reads the route from the configuration once per lease, and stores it. */
async function loadRoute(
  { host, port, user }: SshMachine,
  { folder, signal }: ResolveContext,
  { sshConfigFile }: SshOptions,
  environment: SshEnvironment,
): Promise<readonly RouteHost[]> {
  const stored = await readStoredRoute(folder);
  if (stored !== undefined) return stored;
  const read = await createHostConfigReader({ configFile: sshConfigFile, environment, signal });
  const route = await findRoute({ host, port, user }, read);
  await storeRoute(folder, route);
  return route;
}

/** Creates the target of a rented machine: only the lease's own key, and nothing of the user's configuration, not even `Host *`. */
function createLeasedTarget(machine: SshMachine, folder: string, environment: SshEnvironment): Target {
  const { host, port = 22, user = environment.user, hostKey } = machine;
  return {
    host,
    port,
    user,
    displayName: formatAddress(user, host, port),
    keys: {
      files: [{ path: getLeaseKeyFile(folder), isNamed: true }],
      agent: undefined,
      usesOnlyFiles: true,
    },
    trust: {
      name: formatKnownHostsName(host, port),
      providerKey: hostKey,
      sshCommand: formatSshCommand({ host, port, user }, {}),
      knownHostsFiles: [],
      pinFile: getPinFile(folder),
      isTrustedOnFirstUse: true,
    },
    isLeased: true,
    jumps: [],
  };
}
