import { quote } from "@unitrain/transport-posix";
import type { SshOptions } from "../options.ts";
import type { HostName } from "./host-config.ts";

/** The command by which a person gets to the same place, with the same key and files: `ssh -p 2222 me@box`. */
export function formatSshCommand(name: HostName, options: SshOptions): string {
  return ["ssh", ...listArguments(name, options), formatAddress(name)].map(quoteForPaste).join(" ");
}

/** The arguments of ssh that stand for our own options. */
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

/** One word of a command line, with quotes only where a POSIX shell needs them. */
export function quoteForPaste(word: string): string {
  return /^[\w@%+=:,./~[\]-]+$/.test(word) ? word : quote(word);
}

function formatAddress({ host, user }: HostName): string {
  return user === undefined ? host : `${user}@${host}`;
}
