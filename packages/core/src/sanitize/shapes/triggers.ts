import { createWordScan, type WordScan } from "./word-scan.ts";

/** An automaton that finds trigger words in bytes in one pass and ignores case. It tells which lines have to be examined. */
export interface Triggers {
  /** The next state for `(state << 8) | byte`. */
  readonly table: Uint16Array;
  /** The first state in which a word was found. All later states have found one too. */
  readonly firstHit: number;
  /** By state: the bits of the groups whose words were found. */
  readonly hits: Int32Array;
  /** Finds where a word may begin. */
  readonly scan: WordScan;
}

/** Creates the automaton. `groups` maps a bit to the words that set it, which are in lower case and have at least three letters. */
export function createTriggers(groups: ReadonlyMap<number, readonly string[]>): Triggers {
  const { children, found } = createTrie(groups);
  const fail = new Array<number>(children.length).fill(0);
  const order = [0];
  for (const state of order) {
    for (const [byte, child] of children[state] ?? []) {
      order.push(child);
      let from = fail[state] ?? 0;
      while (from !== 0 && children[from]?.has(byte) !== true) from = fail[from] ?? 0;
      fail[child] = state === 0 ? 0 : (children[from]?.get(byte) ?? 0);
      found[child] = (found[child] ?? 0) | (found[fail[child] ?? 0] ?? 0);
    }
  }
  // States that have found a word come last, so that one comparison is enough to recognize them.
  const numbered = [
    ...order.filter((state) => found[state] === 0),
    ...order.filter((state) => found[state] !== 0),
  ];
  const newNumbers = new Map(numbered.map((state, number) => [state, number]));
  const table = new Uint16Array(numbered.length << 8);
  for (const state of order) {
    const row = (newNumbers.get(state) ?? 0) << 8;
    const fallback = (newNumbers.get(fail[state] ?? 0) ?? 0) << 8;
    if (state !== 0) table.copyWithin(row, fallback, fallback + 256);
    for (const [byte, child] of children[state] ?? []) {
      const target = newNumbers.get(child) ?? 0;
      table[row | byte] = target;
      if (byte >= 0x61 && byte <= 0x7a) table[row | (byte - 0x20)] = target;
    }
  }
  return {
    table,
    firstHit: numbered.findIndex((state) => found[state] !== 0),
    hits: Int32Array.from(numbered, (state) => found[state] ?? 0),
    scan: createWordScan([...groups.values()].flat().map((word) => Buffer.from(word, "latin1"))),
  };
}

function createTrie(groups: ReadonlyMap<number, readonly string[]>) {
  const children: Map<number, number>[] = [new Map()];
  const found: number[] = [0];
  for (const [bit, words] of groups) {
    for (const word of words) {
      let state = 0;
      for (const byte of Buffer.from(word, "latin1")) {
        let child = children[state]?.get(byte);
        if (child === undefined) {
          child = children.length;
          children[state]?.set(byte, child);
          children.push(new Map());
          found.push(0);
        }
        state = child;
      }
      found[state] = (found[state] ?? 0) | bit;
    }
  }
  return { children, found };
}
