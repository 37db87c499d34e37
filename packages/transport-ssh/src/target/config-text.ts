import { UnitrainError } from "@unitrain/core/spec";
import { knownName } from "../host-key/host-key.ts";
import type { Hop, Target } from "./target.ts";

/** A configuration of ssh for one machine and the hosts on the way to it. `first` comes before what each host has of its own, and so counts. */
export function configText(target: Target, name: string, first: readonly string[] = []): string {
  const block = (name: string, hop: Hop) => hostBlock(name, hop, first);
  const jumpName = (index: number) => `${name}-jump-${index + 1}`;
  const lines = ["# Written by unitrain; it is gone when the run's lease is.", ...block(name, target)];
  if (target.jumps.length > 0)
    lines.push(setting("ProxyJump", target.jumps.map((_, index) => jumpName(index)).join(",")));
  for (const [index, jump] of target.jumps.entries()) lines.push("", ...block(jumpName(index), jump));
  return `${lines.join("\n")}\n`;
}

function hostBlock(
  name: string,
  { host, port, user, keys, trust, proxyCommand, sshOptions = [] }: Hop,
  first: readonly string[],
): readonly string[] {
  return [
    `Host ${name}`,
    ...first.map((line) => `  ${line}`),
    setting("HostName", host),
    setting("Port", String(port)),
    setting("User", user),
    ...keys.files.map(({ path }) => setting("IdentityFile", slashed(path))),
    ...(keys.certificates ?? []).map((path) => setting("CertificateFile", slashed(path))),
    ...(keys.onlyFiles ? [setting("IdentitiesOnly", "yes")] : []),
    ...(keys.agent === undefined
      ? [setting("IdentityAgent", "none")]
      : [setting("IdentityAgent", keys.agent)]),
    // With an alias ssh would not look for a key that is known without the port.
    ...(trust.name === knownName(host, port) ? [] : [setting("HostKeyAlias", trust.name)]),
    `  UserKnownHostsFile ${[trust.pinFile, ...trust.knownHostsFiles].map(slashed).map(quoted).join(" ")}`,
    setting("StrictHostKeyChecking", "yes"),
    setting("ServerAliveInterval", "15"),
    ...sshOptions.map(([option, value]) =>
      ofSeveralWords.has(option) ? `  ${option} ${value}` : setting(option, value),
    ),
    ...(proxyCommand === undefined ? [] : [`  ProxyCommand ${proxyCommand.replaceAll("%", "%%")}`]),
  ];
}

/** Options whose value is several words, where quotes would make them one. In every other value a space belongs to a path. */
const ofSeveralWords: ReadonlySet<string> = new Set(["ipqos", "rekeylimit"]);

/** To ssh on Windows a backslash is the beginning of something else. */
function slashed(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

function setting(name: string, value: string): string {
  return `  ${name} ${quoted(value)}`;
}

/** ssh_config knows no way to write a quotation mark or the end of a line within a value. */
function quoted(value: string): string {
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
