import type { OutputSanitizer } from "./output-sanitizer.ts";

/** Longer lines are masked and passed on in pieces. */
const longestLineBytes = 64 * 1024;

/** Bytes held back at the end of an unterminated line, because a secret may be split across chunks. */
const heldBackBytes = 8 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

/** A part of a log that can be shown. */
export interface MaskedLines {
  readonly bytes: Buffer;
  /** The offset in the machine's log up to which `bytes` reach, before masking. */
  readonly raw: number;
}

/** Masks a stream of log bytes line by line, because a secret may be split across chunks. */
export interface LineMasker {
  /** Adds bytes and returns what can be shown now, if anything. */
  push(bytes: Uint8Array): MaskedLines | undefined;
  /** Returns the rest at the end of the stream. */
  end(): MaskedLines | undefined;
}

/**
 * Creates a line masker for a log from the byte offset `raw` on. It takes linear time even for a line that never ends: it searches
 * only new bytes for line ends, and joins them with earlier ones only when something can be passed on.
 */
export function createLineMasker(
  sanitizer: Pick<OutputSanitizer, "maskBytes" | "findSafeCut">,
  raw: number,
): LineMasker {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let cutAtBytes = longestLineBytes;
  let offset = raw;

  const take = (bytes: Buffer, count: number): MaskedLines | undefined => {
    const rest = bytes.subarray(count);
    pending = rest.length === 0 ? [] : [rest];
    pendingBytes = rest.length;
    // A line that could not be cut, because it is one secret from end to end, is tried again when it is twice as long.
    cutAtBytes = count === 0 ? Math.max(longestLineBytes, 2 * bytes.length) : longestLineBytes;
    if (count === 0) return undefined;
    offset += count;
    return { bytes: sanitizer.maskBytes(bytes.subarray(0, count)), raw: offset };
  };

  return {
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      const end = Math.max(chunk.lastIndexOf(newline), chunk.lastIndexOf(carriageReturn)) + 1;
      pending.push(chunk);
      pendingBytes += chunk.length;
      const unendedBytes = end > 0 ? chunk.length - end : pendingBytes;
      if (end === 0 && unendedBytes <= cutAtBytes) return undefined;
      const all = Buffer.concat(pending);
      const lineStart = all.length - unendedBytes;
      const canCut = unendedBytes > longestLineBytes;
      return take(all, canCut ? lineStart + findCut(all.subarray(lineStart), sanitizer) : lineStart);
    },
    end: () => take(Buffer.concat(pending), pendingBytes),
  };
}

/** Returns how many bytes of an unterminated line can be passed on without splitting a registered secret or a character. */
function findCut(line: Buffer, sanitizer: Pick<OutputSanitizer, "findSafeCut">): number {
  let cut = line.length - heldBackBytes;
  // Secrets that patterns match contain no blanks, so a line is best cut at a blank, if there is one near.
  const blank = line.lastIndexOf(0x20, cut - 1);
  if (blank > cut - heldBackBytes) cut = blank;
  while (cut > 0 && ((line[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return sanitizer.findSafeCut(line.toString("latin1"), cut);
}
