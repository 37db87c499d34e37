import type { Gate } from "./gate.ts";

/** Lines longer than this are masked and passed on in pieces. */
const longestLineBytes = 64 * 1024;

/** What stays back of such a line: a secret at its end may not be whole yet. */
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

/** `raw` is the offset of the first byte that will be pushed. */
export function createLineMasker(gate: Pick<Gate, "bytes" | "safeCut">, raw: number): LineMasker {
  let pending: Buffer = Buffer.alloc(0);
  let offset = raw;

  const take = (count: number): MaskedLines | undefined => {
    if (count === 0) return undefined;
    const whole = pending.subarray(0, count);
    pending = pending.subarray(count);
    offset += count;
    return { bytes: gate.bytes(whole), raw: offset };
  };

  return {
    push(bytes) {
      pending = Buffer.concat([pending, bytes]);
      const end = Math.max(pending.lastIndexOf(newline), pending.lastIndexOf(carriageReturn)) + 1;
      const rest = pending.length - end;
      return take(rest > longestLineBytes ? end + pieces(pending.subarray(end), gate) : end);
    },
    end: () => take(pending.length),
  };
}

/** How much of a line without an end can go on its way: not through a registered value, nor through a letter. */
function pieces(line: Buffer, gate: Pick<Gate, "safeCut">): number {
  let cut = line.length - heldBackBytes;
  // A pattern's secret holds no blank, so a blank is a safe place, if there is one near.
  const blank = line.lastIndexOf(0x20, cut - 1);
  if (blank > cut - heldBackBytes) cut = blank;
  while (cut > 0 && ((line[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return gate.safeCut(line.toString("latin1"), cut);
}
