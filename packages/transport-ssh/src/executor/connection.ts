import type { Duplex, Readable } from "node:stream";

/** A logged-in connection, until it is lost or closed. It runs commands in the same way for ssh2 and for the ssh program. */
export interface Connection {
  /** Carries all bytes. Bytes that wait in it are not sent yet. */
  readonly stream: Duplex;
  /** Why the connection ended; undefined while it lasts. It is set before any channel emits an event. */
  readonly endReason: string | undefined;
  /** Calls `listener` when the connection ends, or now when it has ended; returns a function that removes the listener. */
  onEnd(listener: (reason: string) => void): () => void;
  /**
   * Opens a channel and runs the command on it. `begin` is called synchronously when the server answers, because the same packet may
   * contain all the output and the end of the command. Rejects with a `reason` of RFC 4254 when the server opens no channel.
   */
  exec<T>(command: string, begin: (channel: CommandChannel) => T): Promise<T>;
  close(): Promise<void>;
}

/**
 * A channel on which a command runs: writing is its input, reading is its output. Emits `exit` (a code, or null and the name of a
 * signal), then `close` when the server has closed the channel or the connection has ended.
 */
export interface CommandChannel extends Duplex {
  readonly stderr: Readable;
  /** Asks the server to send TERM to the command (OpenSSH does), and closes the channel and thereby the streams of the command. */
  terminate(): void;
}
