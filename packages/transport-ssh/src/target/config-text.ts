import { UnitrainError } from "@unitrain/core/spec";
import { formatKnownHostsName } from "../host-key/host-key.ts";
import type { Hop, Target } from "./target.ts";

/** Builds an ssh configuration for one machine and the hosts on the way to it. `overrides` come first in each block, so they take precedence. */
export function buildConfigText(target: Target, name: string, overrides: readonly string[] = []): string {
  const buildBlock = (name: string, hop: Hop) => buildHostBlock(name, hop, overrides);
  const getJumpName = (index: number) => `${name}-jump-${index + 1}`;
  const lines = ["# Written by unitrain, and removed with the run's lease.", ...buildBlock(name, target)];
  if (target.jumps.length > 0)
    lines.push(formatSetting("ProxyJump", target.jumps.map((_, index) => getJumpName(index)).join(",")));
  for (const [index, jump] of target.jumps.entries()) lines.push("", ...buildBlock(getJumpName(index), jump));
  return `${lines.join("\n")}\n`;
}

function buildHostBlock(
  name: string,
  { host, port, user, keys, trust, proxyCommand, sshOptions = [] }: Hop,
  overrides: readonly string[],
): readonly string[] {
  return [
    `Host ${name}`,
    ...overrides.map((line) => `  ${line}`),
    formatSetting("HostName", host),
    formatSetting("Port", String(port)),
    formatSetting("User", user),
    ...keys.files.map(({ path }) => formatSetting("IdentityFile", toForwardSlashes(path))),
    ...(keys.certificates ?? []).map((path) => formatSetting("CertificateFile", toForwardSlashes(path))),
    ...(keys.usesOnlyFiles ? [formatSetting("IdentitiesOnly", "yes")] : []),
    ...(keys.agent === undefined
      ? [formatSetting("IdentityAgent", "none")]
      : [formatSetting("IdentityAgent", keys.agent)]),
    // Only where needed: with an alias, ssh does not look for a key without the port.
    ...(trust.name === formatKnownHostsName(host, port) ? [] : [formatSetting("HostKeyAlias", trust.name)]),
    `  UserKnownHostsFile ${[trust.pinFile, ...trust.knownHostsFiles].map(toForwardSlashes).map(quoteValue).join(" ")}`,
    formatSetting("StrictHostKeyChecking", "yes"),
    formatSetting("ServerAliveInterval", "15"),
    ...sshOptions.map(([option, value]) =>
      unquotedOptions.has(option) ? `  ${option} ${value}` : formatSetting(option, value),
    ),
    ...(proxyCommand === undefined ? [] : [`  ProxyCommand ${proxyCommand.replaceAll("%", "%%")}`]),
  ];
}

/** Options with several values, which quotes would join. In every other value a space is part of a path. */
const unquotedOptions: ReadonlySet<string> = new Set(["ipqos", "rekeylimit"]);

/** Replaces backslashes on Windows, where ssh treats them as escapes. */
function toForwardSlashes(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

function formatSetting(name: string, value: string): string {
  return `  ${name} ${quoteValue(value)}`;
}

/** Quotes a value. Throws for quotation marks and control characters, which ssh_config cannot express. */
function quoteValue(value: string): string {
  if (/["\p{Cc}]/u.test(value)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `Cannot write ${JSON.stringify(value)} into an ssh_config: it contains a quotation mark or a control character.`,
      {
        hint: "Remove quotation marks and control characters from host names, users and paths.",
      },
    );
  }
  return /[\s#]/.test(value) ? `"${value}"` : value;
}
