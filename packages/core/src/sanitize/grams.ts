/** The length of a gram. No search word is shorter. */
export const gramBytes = 3;

/** A hash set of the first three bytes of all search words. Where the next three bytes are not in it, no word begins, so the automaton can be skipped. */
export type Grams = Uint8Array;

/** Creates the set. `fold` is combined with each byte by a bitwise or: 0x20 makes letters lower case, and few other bytes collide. */
export function createGrams(beginnings: Iterable<Uint8Array>, fold: number): Grams {
  const grams = new Uint8Array(1 << 16);
  for (const bytes of beginnings) {
    let gram = 0;
    for (let at = 0; at < gramBytes; at += 1) gram = (gram << 8) | (bytes[at] ?? 0) | fold;
    grams[hashGram(gram)] = 1;
  }
  return grams;
}

/** Returns the index of three bytes in the set. */
export const hashGram = (gram: number) => Math.imul(gram, 0x9e3779b1) >>> 16;
