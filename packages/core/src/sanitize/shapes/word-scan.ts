/** No word of a rule is shorter. */
export const shortestWordBytes = 3;

/** Finds where a word may begin, without looking at each byte by itself (after Wu and Manber). It ignores case. */
export interface WordScan {
  /** Returns the first index from `from` on at which a word may begin, or a larger index than that of the last three bytes if there is none. */
  find(bytes: Uint8Array, from: number, to: number): number;
}

/** Creates a scan for words in lower case that have at least {@link shortestWordBytes} letters. Its tables take 128 KiB. */
export function createWordScan(words: Iterable<Uint8Array>): WordScan {
  /** By two bytes: how far the scan may advance if they are the last two of the examined three. */
  const shifts = new Uint8Array(1 << 16).fill(2);
  /** By the hash of three bytes: whether a word begins with them. */
  const begins = new Uint8Array(1 << 16);
  for (const word of words) {
    const [first = 0, second = 0, third = 0] = word;
    for (const a of withCase(first))
      for (const b of withCase(second)) shifts[(a << 8) | b] = Math.min(1, shifts[(a << 8) | b] ?? 0);
    for (const b of withCase(second)) for (const c of withCase(third)) shifts[(b << 8) | c] = 0;
    begins[hash(first | foldCase, second | foldCase, third | foldCase)] = 1;
  }
  return {
    find(bytes, from, to) {
      const last = to - shortestWordBytes;
      let at = from;
      while (at <= last) {
        const second = bytes[at + 1] ?? 0;
        const third = bytes[at + 2] ?? 0;
        const shift = shifts[(second << 8) | third] ?? 0;
        if (shift !== 0) at += shift;
        else if (begins[hash((bytes[at] ?? 0) | foldCase, second | foldCase, third | foldCase)] === 1)
          return at;
        else at += 1;
      }
      return at;
    },
  };
}

/** The bit that makes letters lower case. */
const foldCase = 0x20;

function withCase(byte: number): readonly number[] {
  return byte >= 0x61 && byte <= 0x7a ? [byte, byte - foldCase] : [byte];
}

function hash(first: number, second: number, third: number): number {
  return Math.imul((first << 16) | (second << 8) | third, 0x9e3779b1) >>> 16;
}
