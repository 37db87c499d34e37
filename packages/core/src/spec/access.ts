/** How a person, an editor or another program gets onto a machine by itself: `argv`, options of theirs, `target`, then a command. */
export interface Access {
  /** Program and its first words: `["ssh", "-F", "/…/ssh_config"]`. */
  readonly argv: readonly string[];
  /** The machine, as `argv` knows it. */
  readonly target: string;
  /** A configuration file of our own that others can read too (`ssh -F`, an editor's remote window); nothing of the user's is changed. */
  readonly configFile?: string;
}
