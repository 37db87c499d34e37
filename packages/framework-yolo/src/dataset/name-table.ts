const hashSeed = 0x811c9dc5;
const hashFactor = 0x01000193;

/** Stores many names compactly, as consecutive bytes. As strings, a million names would take three times the memory. */
export class NameTable {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #ends: Uint32Array;
  readonly #isAscii: boolean;
  /** A hash table of indexes + 1 with open addressing; empty when names are not looked up. */
  readonly #slots: Uint32Array;

  constructor(names: readonly string[], { isSearched = false } = {}) {
    this.length = names.length;
    this.#ends = new Uint32Array(names.length);
    let bytes = 0;
    let characters = 0;
    for (const [at, name] of names.entries()) {
      characters += name.length;
      bytes += Buffer.byteLength(name);
      this.#ends[at] = bytes;
    }
    this.#isAscii = characters === bytes;
    this.#bytes = Buffer.alloc(bytes);
    this.#slots = new Uint32Array(isSearched ? chooseSlotCount(names.length) : 0);
    let from = 0;
    for (const [at, name] of names.entries()) {
      from += this.#bytes.write(name, from, this.#isAscii ? "latin1" : "utf8");
      if (isSearched) this.#insert(name, at);
    }
  }

  at(index: number): string {
    const from = index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
    return this.#bytes.toString(this.#isAscii ? "latin1" : "utf8", from, this.#ends[index]);
  }

  /** Returns the index of a name; -1 when it is absent. */
  indexOf(name: string): number {
    const slots = this.#slots;
    for (let slot = hashName(name) & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const found = slots[slot] ?? 0;
      if (found === 0) return -1;
      if (this.at(found - 1) === name) return found - 1;
    }
  }

  *[Symbol.iterator](): Generator<string> {
    for (let at = 0; at < this.length; at++) yield this.at(at);
  }

  #insert(name: string, at: number): void {
    const slots = this.#slots;
    let slot = hashName(name) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = at + 1;
  }
}

/** Returns a power of two that leaves at least half of the slots free. */
const chooseSlotCount = (count: number): number => 2 ** Math.ceil(Math.log2(2 * count + 2));

/** Computes FNV-1a over UTF-16 code units. */
function hashName(name: string): number {
  let hash = hashSeed;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), hashFactor);
  return hash >>> 0;
}
