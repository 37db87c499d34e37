/** Receives a log in chunks and writes it for display. */
export interface LogWriter {
  write(bytes: Buffer): void;
  /** Ends the log. Writes a last line without a line end too. */
  end(): void;
}
