/** A program and its arguments; never a line for a shell to parse. */
export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
}

/** How a command ended. Each of the two texts is bounded (256 KiB); the middle of longer ones is cut. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
