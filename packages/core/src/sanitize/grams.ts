/** How many bytes are looked at together. Nothing that is searched for is shorter. */
export const gramBytes = 3;

/** Marks the beginnings of what is searched for: where the next three bytes are none of them, an automaton need not be asked. */
export type Grams = Uint8Array;

/** `fold` is added to each byte with a bitwise or: 0x20 makes letters lower case. Few others come to share a mark. */
export function createGrams(beginnings: Iterable<Uint8Array>, fold: number): Grams {
  const grams = new Uint8Array(1 << 16);
  for (const bytes of beginnings) {
    let gram = 0;
    for (let at = 0; at < gramBytes; at += 1) gram = (gram << 8) | (bytes[at] ?? 0) | fold;
    grams[hashGram(gram)] = 1;
  }
  return grams;
}

/** Where the mark of three bytes is. */
export const hashGram = (gram: number) => Math.imul(gram, 0x9e3779b1) >>> 16;
