import { quote } from "@unitrain/transport-posix";
import type { SshOptions } from "../options.ts";
import type { HostName } from "./host-config.ts";

/** Formats the command by which a person connects to the same machine, with the same key and files: `ssh -p 2222 me@box`. */
export function formatSshCommand(name: HostName, options: SshOptions): string {
  return ["ssh", ...listArguments(name, options), formatAddress(name)].map(quoteForPaste).join(" ");
}

/** Lists the arguments of ssh that correspond to our options. */
function listArguments(
  { port }: HostName,
  { sshConfigFile, identityFile, knownHostsFile }: SshOptions,
): readonly string[] {
  return [
    ...(sshConfigFile === undefined ? [] : ["-F", sshConfigFile]),
    ...(identityFile === undefined ? [] : ["-i", identityFile]),
    ...(knownHostsFile === undefined ? [] : ["-o", `UserKnownHostsFile=${knownHostsFile}`]),
    ...(port === undefined || port === 22 ? [] : ["-p", String(port)]),
  ];
}

/** Quotes one word of a command line, only where a POSIX shell needs it. */
export function quoteForPaste(word: string): string {
  return /^[\w@%+=:,./~[\]-]+$/.test(word) ? word : quote(word);
}

function formatAddress({ host, user }: HostName): string {
  return user === undefined ? host : `${user}@${host}`;
}
