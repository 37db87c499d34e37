const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Returns the end of the last complete line, or undefined if none ends after `from`. A line ends with a newline, or with a carriage
 * return that no newline follows, as progress bars do. A carriage return at the end may still be the first half of a line end.
 */
export function findLinesEnd(bytes: Uint8Array, from: number, to: number): number | undefined {
  for (let at = to - 1; at >= from; at -= 1) {
    const byte = bytes[at];
    if (byte === newline || (byte === carriageReturn && at + 1 < to)) return at + 1;
  }
  return undefined;
}

/** Returns the end of the line that contains the byte at an index. `to` must be the end of a line. */
export function findLineEnd(bytes: Uint8Array, index: number, to: number): number {
  let at = index;
  while (at < to && !endsLine(bytes, at)) at += 1;
  return Math.min(at + 1, to);
}

/** Returns the beginning of the line that contains the byte at an index. `from` must be the beginning of a line. */
export function findLineStart(bytes: Uint8Array, from: number, index: number): number {
  let at = index;
  while (at > from && !endsLine(bytes, at - 1)) at -= 1;
  return at;
}

function endsLine(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === newline || (byte === carriageReturn && bytes[at + 1] !== newline);
}
