import type { Rule } from "./spans.ts";

const beginning = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d/g;
const ending = /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g;

/** A longer block is not a key. */
export const longestKeyBytes = 64 * 1024;

/** Masks private keys that begin and end in one line, as in JSON, and the rest of a line in which a key begins. */
export const maskPrivateKeys: Rule = (text, spans) => {
  beginning.lastIndex = 0;
  for (let match = beginning.exec(text); match !== null; match = beginning.exec(text)) {
    ending.lastIndex = beginning.lastIndex;
    const end = ending.exec(text);
    const until = end === null ? findMaterialEnd(text, beginning.lastIndex) : ending.lastIndex;
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

/** Returns where a key ends in a line, or -1 if it does not. */
export function findPrivateKeyEnd(line: string): number {
  ending.lastIndex = 0;
  if (ending.exec(line) !== null) return ending.lastIndex;
  return /^Private-MAC: \S+/.test(line) ? line.trimEnd().length : -1;
}

/** Returns whether a line may be part of a key: base64, a header, or empty. A logger may have put a prefix in front of it. */
export function isKeyMaterial(line: string): boolean {
  const text = line.trim();
  if (text === "" || /^[A-Za-z0-9+/=]+$/.test(text)) return true;
  if (
    /^(?:Proc-Type|DEK-Info|Comment|Encryption|Public-Lines|Private-Lines|Key-Derivation|Argon2-\w+|Version|Charset|Hash|MessageID): /.test(
      text,
    )
  )
    return true;
  return /(?:^|[\s|>:])[A-Za-z0-9+/]{40,}={0,2}$/.test(text);
}

function findMaterialEnd(text: string, from: number): number {
  const rest = text.slice(from);
  const end = rest.search(/["'`]|[^A-Za-z0-9+/=\s\\]/);
  return end === -1 ? text.length : from + end;
}
