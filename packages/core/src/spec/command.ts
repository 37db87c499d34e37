/** A program and its arguments. No shell parses them, so nothing needs quoting. */
export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
}

/** The result of a command. `stdout` and `stderr` hold at most 256 KiB each; the middle of longer output is cut. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
