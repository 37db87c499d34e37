const newline = 0x0a;
const carriageReturn = 0x0d;
const escapeCode = 0x1b;
const bell = 0x07;

/** A longer escape sequence is treated as text. */
const longestEscapeBytes = 128;

/** The state of a scan for terminal escape sequences: 0 is outside of a sequence. */
export type EscapeState = 0 | 1 | 2 | 3;

/** Returns the state after another byte of a sequence, or 0 if the byte was its last. */
export function nextEscapeState(state: EscapeState, byte: number): EscapeState {
  if (state === 1) {
    if (byte === 0x5b) return 2;
    if (byte === 0x5d) return 3;
    return byte >= 0x20 && byte <= 0x2f ? 1 : 0;
  }
  if (state === 2) return byte >= 0x20 && byte <= 0x3f ? 2 : 0;
  if (byte === escapeCode) return 1;
  return byte === bell ? 0 : 3;
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
    if (state !== 0) state = nextEscapeState(state, byte);
    else if (byte === escapeCode) state = 1;
    else if (!isLineBreak(byte)) squeezed[length++] = byte;
  }
  return squeezed.subarray(0, length);
}
