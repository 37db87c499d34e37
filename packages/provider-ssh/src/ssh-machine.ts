import { defineBorrowedProvider, type Machine, type Provider } from "@unitrain/core/spec";
import { parseOptions, type SshMachineOptions } from "./options.ts";

/**
 * Creates a provider for a machine that you already have, reached by SSH. It costs nothing and is never released; only the files of a
 * run are cleaned up. Your `known_hosts` must contain its host key, and your keys, agent and `~/.ssh/config` are used to log in.
 *
 * @param target `ssh://user@host:port`, `user@host`, an alias of your `~/.ssh/config`, or {@link SshMachineOptions}.
 * @throws UnitrainError `INVALID_OPTIONS`.
 *
 * @example
 * ```ts
 * import { sshMachine } from "@unitrain/provider-ssh";
 *
 * const byAddress = sshMachine("ssh://ubuntu@192.0.2.7:2222");
 * const byAlias = sshMachine("gpu-box");
 * const byKey = sshMachine({ host: "192.0.2.7", user: "ubuntu", hostKey: "ssh-ed25519 AAAAC3Nz…" });
 * ```
 */
export function sshMachine(target: string | SshMachineOptions): Provider {
  const options = parseOptions(target);
  const machine: Machine = { connectionKind: "ssh", trust: "known-hosts", ...options };
  return defineBorrowedProvider({
    name: "ssh",
    recipe: { module: "@unitrain/provider-ssh", exportName: "sshMachine", options, secrets: [] },
    machine,
    offer: { machine: `${options.host} (ssh)` },
  });
}
