import { createPrefixScan, type PrefixScan } from "./prefix-scan.ts";

/** The number of states whose transitions are all in a table. These are the shallow states, which read nearly all of a text. */
const denseStates = 2048;

/**
 * An Aho-Corasick automaton: finds many byte strings in one pass, in time linear in the text whatever it contains.
 * States are numbered by depth. A state takes 36 to 60 bytes, and there is one for each distinct prefix of a form.
 */
export interface Automaton {
  next(state: number, byte: number): number;
  /** By state: how many of the last bytes are the beginning of a form that may continue. */
  readonly begun: Int32Array;
  /** By state: the length of the longest form that ends there, or 0. */
  readonly longest: Int32Array;
  /** The next state for `(state << 8) | byte`, for the first `denseCount` states. */
  readonly dense: Int32Array;
  readonly denseCount: number;
  /** Finds where a form may begin. */
  readonly scan: PrefixScan;
}

/** Creates an automaton. A form that begins with `lineBegin` is found at the beginning of a line. */
export function createAutomaton(forms: readonly Uint8Array[], lineBegin: number): Automaton {
  const trie = createTrie(forms);
  const { count, order } = numberByDepth(trie);
  const edges = createEdges(count);
  const depth = new Int32Array(count);
  const begun = new Int32Array(count);
  const longest = new Int32Array(count);
  const fail = new Int32Array(count);
  const newNumber = new Int32Array(count);
  order.forEach((node, state) => {
    newNumber[node] = state;
  });
  for (let state = 0; state < count; state += 1) {
    const node = order[state] ?? 0;
    for (let child = trie.firstChild[node] ?? 0; child !== 0; child = trie.nextSibling[child] ?? 0) {
      const target = newNumber[child] ?? 0;
      edges.set(state, trie.byte[child] ?? 0, target);
      depth[target] = (depth[state] ?? 0) + 1;
    }
  }
  const denseCount = Math.min(count, denseStates);
  const dense = new Int32Array(denseCount * 256);
  const next = (from: number, byte: number): number => {
    let state = from;
    while (state >= denseCount) {
      const target = edges.get(state, byte);
      if (target !== 0) return target;
      state = fail[state] ?? 0;
    }
    return dense[(state << 8) | byte] ?? 0;
  };
  for (let state = 0; state < count; state += 1) {
    const node = order[state] ?? 0;
    const fallback = fail[state] ?? 0;
    begun[state] = trie.firstChild[node] === 0 ? (begun[fallback] ?? 0) : (depth[state] ?? 0);
    longest[state] = Math.max(trie.isEnd[node] === 1 ? (depth[state] ?? 0) : 0, longest[fallback] ?? 0);
    if (state < denseCount && state > 0) dense.copyWithin(state << 8, fallback << 8, (fallback + 1) << 8);
    for (let child = trie.firstChild[node] ?? 0; child !== 0; child = trie.nextSibling[child] ?? 0) {
      const byte = trie.byte[child] ?? 0;
      const target = newNumber[child] ?? 0;
      fail[target] = state === 0 ? 0 : next(fallback, byte);
      if (state < denseCount) dense[(state << 8) | byte] = target;
    }
  }
  return {
    next,
    begun,
    longest,
    dense,
    denseCount,
    scan: createPrefixScan(forms.filter(([first]) => first !== lineBegin)),
  };
}

interface Trie {
  readonly count: number;
  readonly byte: Uint8Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly isEnd: Uint8Array;
}

function createTrie(forms: readonly Uint8Array[]): Trie {
  const most = forms.reduce((sum, { length }) => sum + length, 1);
  const edges = createEdges(most);
  const byte = new Uint8Array(most);
  const firstChild = new Int32Array(most);
  const nextSibling = new Int32Array(most);
  const isEnd = new Uint8Array(most);
  let count = 1;
  for (const form of forms) {
    let node = 0;
    for (const value of form) {
      let child = edges.get(node, value);
      if (child === 0) {
        child = count++;
        edges.set(node, value, child);
        byte[child] = value;
        nextSibling[child] = firstChild[node] ?? 0;
        firstChild[node] = child;
      }
      node = child;
    }
    isEnd[node] = 1;
  }
  return { count, byte, firstChild, nextSibling, isEnd };
}

function numberByDepth({ count, firstChild, nextSibling }: Trie) {
  const order = new Int32Array(count);
  let end = 1;
  for (let at = 0; at < end; at += 1) {
    for (let child = firstChild[order[at] ?? 0] ?? 0; child !== 0; child = nextSibling[child] ?? 0) {
      order[end++] = child;
    }
  }
  return { count, order };
}

/** Maps (state, byte) to a state. It is a hash table with open addressing, because a Map would take five times the memory. */
function createEdges(count: number) {
  let bits = 4;
  while (1 << bits < count * 2) bits += 1;
  const keys = new Float64Array(1 << bits);
  const targets = new Int32Array(1 << bits);
  const find = (key: number) => {
    let at = Math.imul(key | 0, 0x9e3779b1) >>> (32 - bits);
    while (targets[at] !== 0 && keys[at] !== key) at = (at + 1) & (targets.length - 1);
    return at;
  };
  return {
    get: (state: number, byte: number) => targets[find(state * 256 + byte)] ?? 0,
    set(state: number, byte: number, target: number) {
      const key = state * 256 + byte;
      const at = find(key);
      keys[at] = key;
      targets[at] = target;
    },
  };
}
