import type { Readable } from "node:stream";

/** How a command ended: an exit code, the name of a signal, or why the connection ended first, so that the result is unknown. */
export type Exit = { readonly code: number } | { readonly signal: string } | { readonly lostReason: string };

/** A running command. */
export interface Execution {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Never rejects. Resolves with `code` only when the command itself ended both streams over a working connection. */
  readonly exit: Promise<Exit>;
}

/** Options of {@link Executor.exec}. */
export interface ExecOptions {
  /**
   * The whole standard input of the command; empty by default. A stream is read no faster than the command reads it, and destroyed
   * when the command stops reading, which is not an error.
   */
  readonly stdin?: Readable | Uint8Array;
  /** Ends both streams, and the command where it can still be reached. */
  readonly signal?: AbortSignal;
}

/**
 * Runs commands in the login shell of a machine. This is all that {@link posixTransport} needs from a connection: quoting the
 * command for that shell, and noticing that output is incomplete, are done by the transport.
 */
export interface Executor extends AsyncDisposable {
  /** What only a person can do when the connection has to be opened again: `a touch of your security key`. Absent when nobody is needed. */
  readonly loginNeedsPerson?: string;
  /** Starts a command. Rejects when the command could not be sent. */
  exec(command: string, options?: ExecOptions): Promise<Execution>;
}
