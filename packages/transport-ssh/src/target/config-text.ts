import { UnitrainError } from "@unitrain/core/spec";
import { formatKnownHostsName } from "../host-key/host-key.ts";
import type { Hop, Target } from "./target.ts";

/** A configuration of ssh for one machine and the hosts on the way to it. `first` comes before what each host has of its own, and so counts. */
export function buildConfigText(target: Target, name: string, overrides: readonly string[] = []): string {
  const buildBlock = (name: string, hop: Hop) => buildHostBlock(name, hop, overrides);
  const getJumpName = (index: number) => `${name}-jump-${index + 1}`;
  const lines = ["# Written by unitrain; it is gone when the run's lease is.", ...buildBlock(name, target)];
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
    // With an alias ssh would not look for a key that is known without the port.
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

/** Options whose value is several words, where quotes would make them one. In every other value a space belongs to a path. */
const unquotedOptions: ReadonlySet<string> = new Set(["ipqos", "rekeylimit"]);

/** To ssh on Windows a backslash is the beginning of something else. */
function toForwardSlashes(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

function formatSetting(name: string, value: string): string {
  return `  ${name} ${quoteValue(value)}`;
}

/** ssh_config knows no way to write a quotation mark or the end of a line within a value. */
function quoteValue(value: string): string {
  if (/["\p{Cc}]/u.test(value)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `${JSON.stringify(value)} cannot be written into an ssh_config.`,
      {
        hint: "Quotation marks and control characters have no place in host names, users and paths.",
      },
    );
  }
  return /[\s#]/.test(value) ? `"${value}"` : value;
}
