/** Who says which host key is a machine's own. */
export interface TrustRule {
  /** The machine's name in known_hosts files. */
  readonly name: string;
  /** The name that counts too where no key is known with the port. */
  readonly nameWithoutPort?: string;
  /** The one key it may have, where the provider or the user says so. */
  readonly providerKey?: string | undefined;
  /** What a person types to get there: `ssh -p 2222 me@box`. */
  readonly sshCommand: string;
  /** `StrictHostKeyChecking`, as `ssh -G` prints it: whether ssh asks a person. */
  readonly strictHostKeyChecking?: string | undefined;
  /** Read only. */
  readonly knownHostsFiles: readonly string[];
  /** Where the key is pinned once the machine let us in. */
  readonly pinFile: string;
  /** Nobody can know the key yet: whichever comes first is pinned. */
  readonly isTrustedOnFirstUse: boolean;
}
