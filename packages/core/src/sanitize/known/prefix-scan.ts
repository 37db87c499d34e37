/** The number of bytes that a scan compares before the automaton takes over. No form is shorter. */
export const prefixBytes = 5;

const blockBytes = 3;
const fewestBits = 16;
const mostBits = 20;

/** Finds where a form may begin, in most texts without looking at each byte by itself (after Wu and Manber). */
export interface PrefixScan {
  /**
   * Returns the first index from `from` on at which a form may begin, or near which there is a byte below 0x20: a line end or an
   * escape sequence, which may interrupt a form. Before that index no form begins. The result is at most `to - prefixBytes + 1`.
   */
  find(bytes: Uint8Array, from: number, to: number): number;
}

/** Creates a scan for forms that have at least {@link prefixBytes}. Its tables take at most 2 MiB. */
export function createPrefixScan(forms: readonly Uint8Array[]): PrefixScan {
  let bits = fewestBits;
  while (bits < mostBits && 1 << bits < forms.length * 32) bits += 1;
  const unused = 32 - bits;
  /** By the hash of three bytes: how far the scan may advance if they are the last bytes of the examined five. */
  const shifts = new Uint8Array(1 << bits).fill(blockBytes);
  /** By the hash of five bytes: whether a form begins with them. */
  const begins = new Uint8Array(1 << bits);
  for (const form of forms) {
    for (let shift = 0; shift < blockBytes; shift += 1) {
      const hash = hashBlock(form, prefixBytes - blockBytes - shift) >>> unused;
      shifts[hash] = Math.min(shift, shifts[hash] ?? 0);
    }
    begins[hashPrefix(form, 0) >>> unused] = 1;
  }
  return {
    find(bytes, from, to) {
      const last = to - prefixBytes;
      let at = from;
      // Each block is checked for low bytes below, but the first two bytes are in front of the first block.
      if ((bytes[from] ?? 0) < 0x20 || (bytes[from + 1] ?? 0) < 0x20) return from;
      while (at <= last) {
        const block = (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8) | ((bytes[at + 4] ?? 0) << 16);
        // Whether one of the three bytes is below 0x20.
        if (((block - 0x202020) & ~block & 0x808080) !== 0) return at;
        const shift = shifts[Math.imul(block, 0x9e3779b1) >>> unused] ?? 0;
        if (shift !== 0) at += shift;
        else if (begins[hashPrefix(bytes, at) >>> unused] === 1) return at;
        else at += 1;
      }
      return Math.max(from, Math.min(at, to));
    },
  };
}

function hashBlock(bytes: Uint8Array, at: number): number {
  return Math.imul((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16), 0x9e3779b1);
}

function hashPrefix(bytes: Uint8Array, at: number): number {
  const first =
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
  return Math.imul(Math.imul(first, 0x9e3779b1) ^ (bytes[at + 4] ?? 0), 0x85ebca6b);
}
