/** How the host key of a machine is checked. */
export interface TrustRule {
  /** The machine's name in known_hosts files. */
  readonly name: string;
  /** The name to look up where no key is known with the port. */
  readonly nameWithoutPort?: string;
  /** The only accepted key, when the provider or the user knows it. */
  readonly providerKey?: string | undefined;
  /** The command by which a person connects: `ssh -p 2222 me@box`. */
  readonly sshCommand: string;
  /** `StrictHostKeyChecking`, as `ssh -G` prints it: whether ssh asks a person. */
  readonly strictHostKeyChecking?: string | undefined;
  /** Read only. */
  readonly knownHostsFiles: readonly string[];
  /** The file in which the key is pinned after the first login. */
  readonly pinFile: string;
  /** Whether the first key is trusted and pinned, because nobody can know the key of a new machine. */
  readonly isTrustedOnFirstUse: boolean;
}
