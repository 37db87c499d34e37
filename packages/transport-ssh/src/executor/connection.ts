import type { Duplex, Readable } from "node:stream";

/** A login that lasts until it is cut or closed. Every connection runs commands in the same way, whoever logged in. */
export interface Connection {
  /** Carries everything. What still waits in it is not on its way yet. */
  readonly stream: Duplex;
  /** Why it is over; undefined while it lives. Known before any channel of it is told. */
  readonly endReason: string | undefined;
  /** Calls once it is over, or at once if it is; returns a function that stops the call. */
  onEnd(listener: (reason: string) => void): () => void;
  /**
   * Opens a channel and gives it the command. `begin` is called in the same turn in which the server answers: the command may have
   * printed and ended all in those bytes. Rejects with a `reason` of RFC 4254 when the server opens no channel.
   */
  exec<T>(command: string, begin: (channel: CommandChannel) => T): Promise<T>;
  close(): Promise<void>;
}

/**
 * A channel on which a command runs: written is its input, read its output. Emits `exit` (code, or null and a signal's name), then
 * `close` once the server has closed it or the connection is over.
 */
export interface CommandChannel extends Duplex {
  readonly stderr: Readable;
  /** Asks the server to send the command TERM (OpenSSH does), and closes the channel, which closes the command's streams. */
  terminate(): void;
}
