const newline = 0x0a;
const carriageReturn = 0x0d;
const escapeCode = 0x1b;

/** A longer escape sequence is treated as text. */
const longestEscapeBytes = 128;

/**
 * The state of a scan for terminal escape sequences: 0 is outside of a sequence, 1 behind its first byte, 2 within its parameters,
 * and 3 in front of the letter of a character set. What a title or a link encloses is text, because it may be a secret.
 */
export type EscapeState = 0 | 1 | 2 | 3;

/** Returns the state after another byte, or undefined if the sequence has ended before it, and the byte is text. */
export function nextEscapeState(state: EscapeState, byte: number): EscapeState | undefined {
  if (state === 3) return 0;
  if (state === 1) {
    if (byte === 0x5b) return 2;
    if (byte === 0x5d) return 0;
    return byte === 0x28 || byte === 0x29 ? 3 : undefined;
  }
  if (byte >= 0x30 && byte <= 0x3f) return 2;
  return byte >= 0x40 && byte <= 0x7e ? 0 : undefined;
}

export const isLineBreak = (byte: number) => byte === newline || byte === carriageReturn;
export const beginsEscape = (byte: number) => byte === escapeCode;
export { longestEscapeBytes };

/** Removes line ends and terminal escape sequences, because they may interrupt a secret. */
export function squeeze(bytes: Buffer): Buffer {
  const squeezed = Buffer.alloc(bytes.length);
  let length = 0;
  let state: EscapeState = 0;
  for (const byte of bytes) {
    const next: EscapeState | undefined = state === 0 ? undefined : nextEscapeState(state, byte);
    state = next ?? (byte === escapeCode ? 1 : 0);
    if (next === undefined && state === 0 && !isLineBreak(byte)) squeezed[length++] = byte;
  }
  return squeezed.subarray(0, length);
}
