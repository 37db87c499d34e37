/** Takes a log in pieces and writes what may be seen of it. */
export interface LogWriter {
  write(bytes: Buffer): void;
  /** The log is over: what has no line end yet is written too. */
  end(): void;
}
