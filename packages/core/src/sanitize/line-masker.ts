import type { OutputSanitizer } from "./output-sanitizer.ts";

/** Lines longer than this are masked and passed on in pieces. */
const longestLineBytes = 64 * 1024;

/** Bytes held back at the end of an unterminated line, because a secret may be split across chunks. */
const heldBackBytes = 8 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

/** What may be shown of a log by now: `bytes` are masked, and stand for the machine's bytes up to `raw`. */
export interface MaskedLines {
  readonly bytes: Buffer;
  readonly raw: number;
}

/** Cuts a stream of log bytes into whole lines before it is masked, since a secret may come in two halves. */
export interface LineMasker {
  push(bytes: Uint8Array): MaskedLines | undefined;
  /** The rest, when no more will come. */
  end(): MaskedLines | undefined;
}

/**
 * `raw` is the offset of the first byte that will be pushed. The time is linear in the log, also for a line that never
 * ends: only new bytes are searched, and they are joined with earlier ones once something can be passed on.
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
    // A line that could not be cut (one secret from end to end) is tried again when it is twice as long.
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

/** How many bytes of an unterminated line can be passed on without cutting a registered value or a character in two. */
function findCut(line: Buffer, sanitizer: Pick<OutputSanitizer, "findSafeCut">): number {
  let cut = line.length - heldBackBytes;
  // A pattern's secret holds no blank, so a blank is a safe place, if there is one near.
  const blank = line.lastIndexOf(0x20, cut - 1);
  if (blank > cut - heldBackBytes) cut = blank;
  while (cut > 0 && ((line[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return sanitizer.findSafeCut(line.toString("latin1"), cut);
}
