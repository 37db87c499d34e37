/** Lines that can only be masked together. They are held back until the block ends. Bytes are read as latin1. */
export interface Block {
  /** Adds a line. Returns the masked block if it has ended: with this line, or before it if the line `isOther`. */
  add(line: Buffer): { readonly masked: string; readonly isOther: boolean } | undefined;
  /** Ends a block that was cut off, and returns it masked. */
  close(): string;
}
