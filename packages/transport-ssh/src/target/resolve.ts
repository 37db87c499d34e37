import { join } from "node:path";
import type { Machine } from "@unitrain/core/spec";
import { UnitrainError } from "@unitrain/core/spec";
import { knownName } from "../host-key/host-key.ts";
import type { KeyFile } from "../keys/key-sources.ts";
import { leaseKeyFile } from "../keys/lease-key.ts";
import type { SshOptions } from "../options.ts";
import type { Surroundings } from "../surroundings.ts";
import { parseJumps } from "./jumps.ts";
import { type HostConfig, readSshConfig, type SshConfig } from "./ssh-config.ts";
import { type Hop, type SshMachine, shown, type Target } from "./target.ts";

/** The names of keys that `ssh` tries by itself. */
const usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa"];
const mostJumps = 8;

/** All that can be known of the way to a machine without taking it. */
export async function resolveTarget(
  machine: Machine,
  folder: string,
  options: SshOptions,
  surroundings: Surroundings,
): Promise<Target> {
  if (machine.reach !== "ssh") {
    throw new UnitrainError("REACH_MISMATCH", `A machine with reach ${machine.reach} is not reached by SSH.`);
  }
  if (machine.trust === "lease") return leased(machine, folder, surroundings);
  const config = await readSshConfig(options.sshConfigFile, surroundings);
  const around = { folder, options, surroundings, config };
  const { proxyJump, proxyCommand } = config.of(machine.host);
  const hop = hopOf(machine, around);
  const given = machine.hostKey;
  return {
    ...hop,
    ...(given === undefined ? {} : { trust: { ...hop.trust, given } }),
    leased: false,
    jumps: proxyJump === undefined ? [] : jumpsOf(proxyJump, around),
    proxyCommand:
      proxyCommand === undefined ? undefined : withTokens(proxyCommand, hop, machine.host, surroundings),
  };
}

/** Only the lease's own key, and nothing of the user's configuration: what is said for `Host *` is not meant for it. */
function leased(machine: SshMachine, folder: string, surroundings: Surroundings): Target {
  const { host, port = 22, user = surroundings.user, hostKey } = machine;
  return {
    host,
    port,
    user,
    shownAs: shown(user, host, port),
    keys: { files: [{ path: leaseKeyFile(folder), named: true }], agent: undefined, onlyFiles: true },
    trust: {
      name: knownName(host, port),
      given: hostKey,
      byHand: byHand(user, host, port),
      knownHostsFiles: [],
      pinFile: pinFile(folder),
      firstUse: true,
    },
    leased: true,
    jumps: [],
  };
}

/** Where a lease's host keys are kept. */
function pinFile(folder: string): string {
  return join(folder, "known_hosts");
}

interface Around {
  readonly folder: string;
  readonly options: SshOptions;
  readonly surroundings: Surroundings;
  readonly config: SshConfig;
}

interface Where {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
}

function hopOf(where: Where, { folder, options, surroundings, config }: Around): Hop {
  const found = config.of(where.host);
  const host = found.hostName?.replaceAll("%h", where.host) ?? where.host;
  const port = where.port ?? found.port ?? 22;
  const user = where.user ?? found.user ?? surroundings.user;
  const bare = { host, port, user };
  const expand = (path: string) => withTokens(path, bare, where.host, surroundings);
  const { home } = surroundings;
  const knownHosts = found.knownHostsFiles ?? [
    join(home, ".ssh/known_hosts"),
    join(home, ".ssh/known_hosts2"),
  ];
  const globalKnownHosts = surroundings.platform === "win32" ? [] : ["/etc/ssh/ssh_known_hosts"];
  return {
    ...bare,
    shownAs: shown(user, host, port),
    keys: {
      files: keyFiles(found, options, home, expand),
      agent: found.agent === undefined ? surroundings.agent : agentOf(expand(found.agent), surroundings),
      onlyFiles: found.identitiesOnly,
    },
    trust: {
      name: found.hostKeyAlias ?? knownName(host, port),
      byHand: found.hostName === undefined ? byHand(user, host, port) : `ssh ${where.host}`,
      knownHostsFiles:
        options.knownHostsFile === undefined
          ? [...knownHosts.map(expand), ...globalKnownHosts]
          : [options.knownHostsFile],
      pinFile: pinFile(folder),
      firstUse: false,
    },
  };
}

function keyFiles(
  found: HostConfig,
  { identityFile }: SshOptions,
  home: string,
  expand: (path: string) => string,
): readonly KeyFile[] {
  if (identityFile !== undefined) return [{ path: expand(identityFile), named: true }];
  if (found.identityFiles.length > 0) {
    return found.identityFiles.map((path) => ({ path: expand(path), named: true }));
  }
  return usualKeys.map((name) => ({ path: join(home, ".ssh", name), named: false }));
}

function agentOf(value: string, surroundings: Surroundings): string | undefined {
  if (value === "none") return undefined;
  return value === "SSH_AUTH_SOCK" ? surroundings.agent : value;
}

function jumpsOf(text: string, around: Around): readonly Hop[] {
  const jumps = parseJumps(text);
  // Only the first one may have a way of its own: the others are reached through it.
  const [first] = jumps;
  const before = first === undefined ? undefined : around.config.of(first.host).proxyJump;
  const all = [...(before === undefined ? [] : parseJumps(before)), ...jumps];
  if (all.length > mostJumps) {
    throw new UnitrainError("INVALID_OPTIONS", `ProxyJump leads over ${all.length} machines.`, {
      hint: `At most ${mostJumps} can be on the way.`,
    });
  }
  return all.map((jump) => hopOf(jump, around));
}

/** The tokens of ssh_config, and `~`. */
function withTokens(
  text: string,
  { host, port, user }: Pick<Hop, "host" | "port" | "user">,
  original: string,
  surroundings: Surroundings,
): string {
  const tokens: Record<string, string> = {
    "%%": "%",
    "%d": surroundings.home,
    "%h": host,
    "%n": original,
    "%p": String(port),
    "%r": user,
    "%u": surroundings.user,
  };
  return text
    .replace(/^~(?=[/\\])/, surroundings.home)
    .replaceAll(/%[%dhnpru]/g, (token) => tokens[token] ?? token);
}

function byHand(user: string, host: string, port: number): string {
  return `ssh ${port === 22 ? "" : `-p ${port} `}${user}@${host}`;
}
