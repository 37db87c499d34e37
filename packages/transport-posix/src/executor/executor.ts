import type { Readable } from "node:stream";

/** How a command came to its end. */
export type Exit =
  | { readonly code: number }
  | { readonly signal: string }
  /** The connection ended first; nothing is known of the command. */
  | { readonly lostReason: string };

/** One command on its way. */
export interface Execution {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Never rejects. `code` only when both streams ended by the command's own end while connected. */
  readonly exit: Promise<Exit>;
}

export interface ExecOptions {
  /**
   * The command's whole standard input; without it the command reads an empty one. It is read no faster than the command takes it,
   * and destroyed when the command wants no more: that alone is not an error.
   */
  readonly stdin?: Readable | Uint8Array;
  /** Ends the command, as far as it can be reached, and both streams. */
  readonly signal?: AbortSignal;
}

/**
 * All that is asked of a way to reach a machine: give a command to the login shell there.
 * Safe text for that shell, and whether all of the output arrived, are the matter of {@link posixTransport}.
 */
export interface Executor extends AsyncDisposable {
  /** What only a person can do when the connection has to be made again. Left out where nobody is needed. */
  readonly loginNeedsPerson?: string;
  /** Rejects when the command cannot be given at all. */
  exec(command: string, options?: ExecOptions): Promise<Execution>;
}
