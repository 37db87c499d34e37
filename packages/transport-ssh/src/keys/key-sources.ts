/** Where keys are looked for, before anything of them is read. */
export interface KeySources {
  /** In the order in which they are offered. */
  readonly files: readonly KeyFile[];
  /** Socket or pipe of an agent, or `pageant`. */
  readonly agent: string | undefined;
  /** Certificates that are configured besides those that lie beside a key. ssh2 knows none, which is said when a login fails. */
  readonly certificates?: readonly string[];
  /** `GSSAPIAuthentication yes`, which ssh2 does not know either. */
  readonly usesKerberos?: boolean;
  /** Of the agent's keys only those of `files`. */
  readonly usesOnlyFiles: boolean;
}

export interface KeyFile {
  readonly path: string;
  /** Somebody named it: that it is not there, or that others can read it, must be said. */
  readonly isNamed: boolean;
}
