/** Where keys come from. Nothing of them has been read yet. */
export interface KeySources {
  /** Key files, in the order in which they are offered. */
  readonly files: readonly KeyFile[];
  /** Socket or pipe of an agent, or `pageant`. */
  readonly agent: string | undefined;
  /** Configured certificates, in addition to those beside a key. ssh2 supports none, which the error of a failed login says. */
  readonly certificates?: readonly string[];
  /** `GSSAPIAuthentication yes`, which ssh2 does not support. */
  readonly usesKerberos?: boolean;
  /** Use only those keys of the agent that are among `files`. */
  readonly usesOnlyFiles: boolean;
}

export interface KeyFile {
  readonly path: string;
  /** The user named this file, so it is reported when it is missing or others can read it. */
  readonly isNamed: boolean;
}
