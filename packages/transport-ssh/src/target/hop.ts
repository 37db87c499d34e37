import { join } from "node:path";
import type { SshEnvironment } from "../environment.ts";
import { knownName } from "../host-key/host-key.ts";
import { pinFile } from "../host-key/pin-file.ts";
import type { KeyFile } from "../keys/key-sources.ts";
import type { SshOptions } from "../options.ts";
import { byHand } from "./by-hand.ts";
import type { HostConfig } from "./host-config.ts";
import type { RouteHost } from "./route.ts";
import { type Hop, shown } from "./target.ts";

/** The names of keys that `ssh` tries by itself. */
const usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"];

export interface HopContext {
  readonly folder: string;
  readonly options: SshOptions;
  readonly environment: SshEnvironment;
}

/** What is needed to get into one host of a route. */
export function hopOf({ name, config }: RouteHost, { folder, options, environment }: HopContext): Hop {
  const { hostName: host = name.host, port = 22, user = environment.user, hostKeyAlias } = config;
  const { home, platform } = environment;
  const usersFiles = config.userKnownHostsFiles ?? [
    join(home, ".ssh/known_hosts"),
    join(home, ".ssh/known_hosts2"),
  ];
  const globalFiles =
    config.globalKnownHostsFiles ?? (platform === "win32" ? [] : ["/etc/ssh/ssh_known_hosts"]);
  return {
    host,
    port,
    user,
    shownAs: shown(user, host, port),
    keys: {
      files: keyFiles(config, options, home),
      agent: agentOf(config.agent, environment),
      onlyFiles: config.identitiesOnly,
      certificates: config.certificateFiles,
      kerberos: config.gssapi,
    },
    trust: {
      name: hostKeyAlias ?? knownName(host, port),
      ...(hostKeyAlias === undefined && port !== 22 ? { nameWithoutPort: knownName(host, 22) } : {}),
      byHand: byHand(name, options),
      knownHostsFiles:
        options.knownHostsFile === undefined ? [...usersFiles, ...globalFiles] : [options.knownHostsFile],
      strict: config.strictHostKeyChecking,
      pinFile: pinFile(folder),
      firstUse: false,
    },
    sshOptions: config.sshOptions,
  };
}

function keyFiles(
  { identityFiles }: HostConfig,
  { identityFile }: SshOptions,
  home: string,
): readonly KeyFile[] {
  if (identityFile !== undefined) {
    return [{ path: identityFile.replace(/^~(?=[/\\])/, () => home), named: true }];
  }
  if (identityFiles !== undefined) return identityFiles.map((path) => ({ path, named: true }));
  return usualKeys.map((key) => ({ path: join(home, ".ssh", key), named: false }));
}

function agentOf(value: string | undefined, { agent }: SshEnvironment): string | undefined {
  if (value === undefined || value === "SSH_AUTH_SOCK") return agent;
  return value === "none" ? undefined : value;
}
