import { stripVTControlCharacters } from "node:util";
import type { Rule } from "./spans.ts";

const blank = "(?: |%20|\\+)";
const label = `(?:[A-Z0-9]{1,20}${blank}){0,4}PRIVATE${blank}KEY(?:${blank}BLOCK)?`;
const beginning = new RegExp(`-{4,5} ?BEGIN${blank}${label} ?-{4,5}|PuTTY-User-Key-File-\\d`, "g");
const ending = new RegExp(`-{4,5} ?END${blank}${label} ?-{4,5}`, "g");

/** A longer block is not a key. */
export const longestKeyBytes = 64 * 1024;

/** Masks private keys that begin and end in one line, as in JSON, and the rest of a line in which a key begins. */
export const maskPrivateKeys: Rule = (text, spans) => {
  let isEndAhead = true;
  beginning.lastIndex = 0;
  for (let match = beginning.exec(text); match !== null; match = beginning.exec(text)) {
    ending.lastIndex = beginning.lastIndex;
    // A search that has failed once is not repeated, because each would read the rest of the text.
    isEndAhead &&= ending.exec(text) !== null;
    const until = isEndAhead ? ending.lastIndex : findMaterialEnd(text, beginning.lastIndex);
    spans.push({ start: match.index, end: until });
    beginning.lastIndex = until;
  }
};

/** Returns whether a key begins in a line and does not end in it. */
export function opensPrivateKey(line: string): boolean {
  let last = -1;
  for (const match of line.matchAll(beginning)) last = match.index;
  if (last === -1) return false;
  ending.lastIndex = last;
  // In a quoted text line ends are escaped, so the key ends in this line even if its last part was cut off.
  return ending.exec(line) === null && !/\\+[nr]|["']\s*[,}\])]/.test(line.slice(last));
}

/** Returns where the first key begins in a line. */
export function findKeyBeginning(line: string): number {
  return Math.max(0, line.search(beginning));
}

/** Returns where a key ends in a line, or -1 if it does not. */
export function findPrivateKeyEnd(line: string): number {
  ending.lastIndex = 0;
  if (ending.exec(line) !== null) return ending.lastIndex;
  return /^Private-MAC: \S+/.test(line) ? line.trimEnd().length : -1;
}

/** Returns whether a line may be part of a key: base64, a header, or empty. If a logger `hasPrefix`, something else may stand in front of it. */
export function isKeyMaterial(line: string, hasPrefix: boolean): boolean {
  const text = stripVTControlCharacters(line).trim();
  if (text === "" || /^[A-Za-z0-9+/=]+$/.test(text)) return true;
  if (
    /^(?:Proc-Type|DEK-Info|Comment|Encryption|Public-Lines|Private-Lines|Key-Derivation|Argon2-\w+|Version|Charset|Hash|MessageID): /.test(
      text,
    )
  )
    return true;
  if (/(?:^|[\s|>:])[A-Za-z0-9+/]{40,}={0,2}$/.test(text)) return true;
  return (
    hasPrefix &&
    (/^\W{0,4}$/.test(text) || /[\s|>:](?=[A-Za-z+/]{0,60}\d)[A-Za-z0-9+/]{16,}={0,2}$/.test(text))
  );
}

function findMaterialEnd(text: string, from: number): number {
  notMaterial.lastIndex = from;
  return notMaterial.exec(text)?.index ?? text.length;
}

const notMaterial = /["'`]|[^A-Za-z0-9+/=\s\\%]/g;
