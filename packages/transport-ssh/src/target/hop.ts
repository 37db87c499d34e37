import { join } from "node:path";
import type { SshEnvironment } from "../environment.ts";
import { formatKnownHostsName } from "../host-key/host-key.ts";
import { getPinFile } from "../host-key/pin-file.ts";
import type { KeyFile } from "../keys/key-sources.ts";
import type { SshOptions } from "../options.ts";
import type { HostConfig } from "./host-config.ts";
import type { RouteHost } from "./route.ts";
import { formatSshCommand } from "./ssh-command.ts";
import { formatAddress, type Hop } from "./target.ts";

/** Names of the key files that `ssh` tries by default. */
const usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"];

export interface HopContext {
  readonly folder: string;
  readonly options: SshOptions;
  readonly environment: SshEnvironment;
}

/** Creates everything that is needed to log in to one host of a route. */
export function createHop({ name, config }: RouteHost, { folder, options, environment }: HopContext): Hop {
  const { hostName: host = name.host, port = 22, user = environment.user, hostKeyAlias } = config;
  const { home, platform } = environment;
  const userFiles = config.userKnownHostsFiles ?? [
    join(home, ".ssh/known_hosts"),
    join(home, ".ssh/known_hosts2"),
  ];
  const globalFiles =
    config.globalKnownHostsFiles ?? (platform === "win32" ? [] : ["/etc/ssh/ssh_known_hosts"]);
  return {
    host,
    port,
    user,
    displayName: formatAddress(user, host, port),
    keys: {
      files: listKeyFiles(config, options, home),
      agent: chooseAgent(config.agent, environment),
      usesOnlyFiles: config.identitiesOnly,
      certificates: config.certificateFiles,
      usesKerberos: config.gssapi,
    },
    trust: {
      name: hostKeyAlias ?? formatKnownHostsName(host, port),
      ...(hostKeyAlias === undefined && port !== 22
        ? { nameWithoutPort: formatKnownHostsName(host, 22) }
        : {}),
      sshCommand: formatSshCommand(name, options),
      knownHostsFiles:
        options.knownHostsFile === undefined ? [...userFiles, ...globalFiles] : [options.knownHostsFile],
      strictHostKeyChecking: config.strictHostKeyChecking,
      pinFile: getPinFile(folder),
      isTrustedOnFirstUse: false,
    },
    sshOptions: config.sshOptions,
  };
}

function listKeyFiles(
  { identityFiles }: HostConfig,
  { identityFile }: SshOptions,
  home: string,
): readonly KeyFile[] {
  if (identityFile !== undefined) {
    return [{ path: identityFile.replace(/^~(?=[/\\])/, () => home), isNamed: true }];
  }
  if (identityFiles !== undefined) return identityFiles.map((path) => ({ path, isNamed: true }));
  return usualKeys.map((key) => ({ path: join(home, ".ssh", key), isNamed: false }));
}

function chooseAgent(value: string | undefined, { agent }: SshEnvironment): string | undefined {
  if (value === undefined || value === "SSH_AUTH_SOCK") return agent;
  return value === "none" ? undefined : value;
}
