import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { UnitrainError } from "@unitrain/core/spec";
import type { SshEnvironment } from "../environment.ts";
import type { HostConfig, HostName } from "./host-config.ts";

/** Expands `~`, `${VARIABLE}` and the tokens of ssh_config in one value, in one pass, as OpenSSH does. */
type Expand = (text: string) => string;

/** Expands the values that `ssh -G` does not expand, and all values of our own parser. */
export function expandConfig(
  config: HostConfig,
  { host: original, ...overrides }: HostName,
  environment: SshEnvironment,
): HostConfig {
  const host =
    config.hostName?.replaceAll(/%[%h]/g, (token) => (token === "%h" ? original : "%")) ?? original;
  const port = overrides.port ?? config.port ?? 22;
  const user = overrides.user ?? config.user ?? environment.user;
  const tokens = listTokens({ host, port, user, original, config }, environment);
  const expandTokens = (text: string) => text.replaceAll(/%./g, (token) => tokens[token] ?? token);
  const expand: Expand = (text) => expandPath(text, tokens, environment);
  const expandAll = (list: readonly string[] | undefined) => list?.map(expand);
  return {
    ...config,
    hostName: host,
    port,
    user,
    identityFiles: expandAll(config.identityFiles),
    certificateFiles: config.certificateFiles.map(expand),
    agent: config.agent === undefined ? undefined : expandAgent(config.agent, expand, environment),
    userKnownHostsFiles: expandAll(config.userKnownHostsFiles),
    globalKnownHostsFiles: expandAll(config.globalKnownHostsFiles),
    proxyJump: config.proxyJump === undefined ? undefined : expandTokens(config.proxyJump),
    proxyCommand: config.proxyCommand === undefined ? undefined : expandTokens(config.proxyCommand),
  };
}

interface TokenValues {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly original: string;
  readonly config: HostConfig;
}

function listTokens(
  { host, port, user, original, config }: TokenValues,
  environment: SshEnvironment,
): Readonly<Record<string, string>> {
  const local = hostname();
  const jump = config.proxyJump ?? "";
  return {
    "%%": "%",
    "%C": createHash("sha1").update(`${local}${host}${port}${user}${jump}`).digest("hex"),
    "%d": environment.home,
    "%h": host,
    "%i": String(process.getuid?.() ?? 0),
    "%j": jump,
    "%k": config.hostKeyAlias ?? original,
    "%L": local.split(".")[0] ?? local,
    "%l": local,
    "%n": original,
    "%p": String(port),
    "%r": user,
    "%u": environment.user,
  };
}

function expandPath(
  text: string,
  tokens: Readonly<Record<string, string>>,
  { home, env }: SshEnvironment,
): string {
  return text
    .replace(/^~(?=[/\\]|$)/, home.replaceAll("$", "$$$$"))
    .replaceAll(/\$\{([^}]*)\}|%./g, (found, name?: string) => {
      if (name === undefined) return tokens[found] ?? found;
      const value = name === "HOME" ? (env.HOME ?? home) : env[name];
      if (value !== undefined) return value;
      throw new UnitrainError(
        "INVALID_OPTIONS",
        `Cannot expand ${text} of the ssh configuration: the environment variable ${name} is not set.`,
        { hint: `Set ${name}, which ssh needs too, or change that line of the configuration.` },
      );
    });
}

/** Expands `IdentityAgent $NAME` at each connection. `SSH_AUTH_SOCK` is kept as the name of the default agent. */
function expandAgent(agent: string, path: Expand, { env }: SshEnvironment): string | undefined {
  if (agent === "none" || agent === "SSH_AUTH_SOCK" || agent === "$SSH_AUTH_SOCK")
    return agent.replace("$", "");
  const variable = /^\$(\w+)$/.exec(agent)?.[1];
  return variable === undefined ? path(agent) : (env[variable] ?? "none");
}
