/**
 * How a person, an editor or another program connects to a machine without unitrain: run `argv`, followed by any options of the
 * caller, `target`, and a command.
 */
export interface Access {
  /** The program and its first arguments: `["ssh", "-F", "/…/ssh_config"]`. */
  readonly argv: readonly string[];
  /** The name of the machine that the program in `argv` expects. */
  readonly target: string;
  /**
   * The absolute path of an ssh configuration file that unitrain wrote, for `ssh -F` or an editor's remote window. The user's own
   * configuration is never changed.
   */
  readonly configFile?: string;
}
