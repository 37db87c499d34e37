import { rules } from "./rules.ts";
import { createTriggers, type Triggers } from "./triggers.ts";
import { shortestWordBytes } from "./word-scan.ts";

let triggers: Triggers | undefined;

/** Returns the trigger words of all rules, with one bit for each rule. The tables are created on first use. */
function getTriggers(): Triggers {
  triggers ??= createTriggers(new Map(rules.map(({ words }, index) => [1 << index, words])));
  return triggers;
}

/**
 * Returns the index of the last byte of the first trigger word from `from` on that may belong to a secret, or -1 if there is none.
 * `limit` must be the end of a line.
 */
export function findEvidence(bytes: Uint8Array, from: number, limit: number): number {
  const { table, firstHit, hits, scan } = getTriggers();
  let at = from;
  for (;;) {
    at = scan.find(bytes, at, limit);
    if (at > limit - shortestWordBytes) return -1;
    // A word may begin here. The automaton reads on until none does anymore.
    let state = 0;
    do {
      state = table[(state << 8) | (bytes[at] ?? 0)] ?? 0;
      at += 1;
      if (state >= firstHit && selectPossible(hits[state] ?? 0, bytes, at, limit) !== 0) return at - 1;
    } while (state !== 0 && at < limit);
  }
}

/** Returns the bits of the rules whose trigger words end between `from` and `to` and may belong to a secret. */
export function readTriggers(bytes: Uint8Array, from: number, to: number, limit: number): number {
  const { table, firstHit, hits } = getTriggers();
  let state = 0;
  let found = 0;
  for (let at = from; at < to; at += 1) {
    state = table[(state << 8) | (bytes[at] ?? 0)] ?? 0;
    if (state >= firstHit) found |= selectPossible((hits[state] ?? 0) & ~found, bytes, at + 1, limit);
  }
  return found;
}

function selectPossible(bits: number, bytes: Uint8Array, wordEnd: number, limit: number): number {
  let possible = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    if (rules[31 - Math.clz32(bit)]?.evidence?.(bytes, wordEnd, limit) !== false) possible |= bit;
  }
  return possible;
}

/** Returns the bits of the rules whose trigger words a text contains. Before the table exists, a short text is searched for each word, because that is faster than creating the table. */
export function findTriggers(text: string): number {
  if (triggers === undefined && text.length <= shortText) return findWords(text.toLowerCase());
  const { table, firstHit, hits } = getTriggers();
  let state = 0;
  let found = 0;
  for (const byte of Buffer.from(text, "latin1")) {
    state = table[(state << 8) | byte] ?? 0;
    if (state >= firstHit) found |= hits[state] ?? 0;
  }
  return found;
}

const shortText = 1024;

function findWords(lower: string): number {
  let found = 0;
  rules.forEach(({ words }, index) => {
    if (words.some((word) => lower.includes(word))) found |= 1 << index;
  });
  return found;
}
