/** Where keys are looked for, before anything of them is read. */
export interface KeySources {
  /** In the order in which they are offered. */
  readonly files: readonly KeyFile[];
  /** Socket or pipe of an agent, or `pageant`. */
  readonly agent: string | undefined;
  /** Of the agent's keys only those of `files`. */
  readonly onlyFiles: boolean;
}

export interface KeyFile {
  readonly path: string;
  /** Somebody named it: that it is not there, or that others can read it, must be said. */
  readonly named: boolean;
}
