import { type Machine, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { SshEnvironment } from "../environment.ts";
import { knownName } from "../host-key/host-key.ts";
import { pinFile } from "../host-key/pin-file.ts";
import { leaseKeyFile } from "../keys/lease-key-file.ts";
import type { SshOptions } from "../options.ts";
import { byHand } from "./by-hand.ts";
import { hopOf } from "./hop.ts";
import { hostConfigReader } from "./read-host-config.ts";
import { findRoute, type RouteHost } from "./route.ts";
import { readStoredRoute, storeRoute } from "./stored-route.ts";
import { type SshMachine, shown, type Target } from "./target.ts";

export type ResolveContext = Pick<RunContext, "folder" | "signal">;

/** All that can be known of the way to a machine without taking it. */
export async function resolveTarget(
  machine: Machine,
  context: ResolveContext,
  options: SshOptions,
  environment: SshEnvironment,
): Promise<Target> {
  if (machine.connectionKind !== "ssh") {
    throw new UnitrainError(
      "TRANSPORT_MISMATCH",
      `A machine with reach ${machine.connectionKind} is not reached by SSH.`,
    );
  }
  const { folder } = context;
  if (machine.trust === "lease") return leased(machine, folder, environment);
  const route = await routeTo(machine, context, options, environment);
  const hops = route.map((host, index) => ({
    ...hopOf(host, { folder, options, environment }),
    // Behind a jump host there is the connection through it, whatever is said about the host itself.
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

/** Asks the configuration once for each lease. */
async function routeTo(
  { host, port, user }: SshMachine,
  { folder, signal }: ResolveContext,
  { sshConfigFile }: SshOptions,
  environment: SshEnvironment,
): Promise<readonly RouteHost[]> {
  const stored = await readStoredRoute(folder);
  if (stored !== undefined) return stored;
  const read = await hostConfigReader({ configFile: sshConfigFile, environment, signal });
  const route = await findRoute({ host, port, user }, read);
  await storeRoute(folder, route);
  return route;
}

/** Only the lease's own key, and nothing of the user's configuration: what is said for `Host *` is not meant for it. */
function leased(machine: SshMachine, folder: string, environment: SshEnvironment): Target {
  const { host, port = 22, user = environment.user, hostKey } = machine;
  return {
    host,
    port,
    user,
    shownAs: shown(user, host, port),
    keys: { files: [{ path: leaseKeyFile(folder), named: true }], agent: undefined, onlyFiles: true },
    trust: {
      name: knownName(host, port),
      providerKey: hostKey,
      byHand: byHand({ host, port, user }, {}),
      knownHostsFiles: [],
      pinFile: pinFile(folder),
      firstUse: true,
    },
    isLeased: true,
    jumps: [],
  };
}
