import type { Rule } from "./spans.ts";
import { createValueReader, isPlaceholder, looksRandom, type ReadValue } from "./values.ts";

/** The word for a password at the end of a name, with a suffix such as in `password1`, `passwords` and `password_b64`. */
const word =
  /(?:(?<!ch)pass(?:word|wd|phrase|code)|(?<![a-z])pwd|pass)(?:s|\d{1,3}|_?(?:value|text|plain|plaintext|raw|b64|base64|clear|string))?(?![A-Za-z0-9_-])/gi;

/** `=`, `:` and similar separators, with the quotes that close the name in front of them. */
const separator =
  /\\*["'`\]]{0,2}\s{0,8}(?:=>|[:?+]=|==?|:(?!\/\/)|%3D|%3A|\\u003[dD]|>(?=[^<>\s]+<\/))\s{0,8}\[?/iy;
/** `password for ubuntu:`, `passphrase for key '/home/ubuntu/.ssh/id_ed25519':` */
const prompt = /\s(?:for|of)\s(?:key\s|user\s)?[^:]{1,200}:\s{1,8}/iy;
/** `'--password', 'secret'` and `("password", "secret")` */
const listed = /\\*(["'`]),\s{0,4}(?=[bru]?\\*["'`])/y;
const blank = /\s{1,8}(?!-)/y;
const column = /\s{0,40}\|\s{0,40}/y;

/** Masks passwords in assignments, objects, flags, prompts, queries, headers and netrc, whatever they look like. */
export const maskPasswords: Rule = (text, spans) => {
  const readValue = createValueReader(text);
  let maskedEnd = 0;
  for (const match of text.matchAll(word)) {
    if (match.index < maskedEnd) continue;
    const nameEnd = match.index + match[0].length;
    if (/^pass$/i.test(match[0]) && !isShortName(match[0], text[match.index - 1] ?? " ")) continue;
    const name = readName(text, match.index);
    if (isPath(text, name.start)) continue;
    const found = readPassword(text, readValue, name, nameEnd, match[0]);
    if (found === undefined) continue;
    spans.push(found);
    maskedEnd = found.end;
  }
};

/** `PASS`, `DB_PASS`, `db-pass` and `adminPass` are names of passwords; `pass` and `compass` are words. */
function isShortName(spelled: string, before: string): boolean {
  if (/[_-]/.test(before)) return true;
  return spelled === "PASS" ? !/[A-Za-z]/.test(before) : spelled === "Pass" && /[a-z]/.test(before);
}

/** Reads the part of a name in front of the word that ends it, as in `--db-password` and `MLFLOW_TRACKING_PASSWORD`. */
function readName(text: string, wordStart: number) {
  let start = wordStart;
  while (start > 0 && wordStart - start < 80 && /[\w.$-]/.test(text[start - 1] ?? "")) start -= 1;
  const before = text.slice(start, wordStart);
  const isFlag =
    before.startsWith("-") || (text[start - 1] === "/" && /^(?:\s|$)/.test(text[start - 2] ?? ""));
  return { start, before, isFlag };
}

/** Returns whether a name is part of a path. `/etc/passwd:` is a file, but `/password:` after a blank is a Windows flag. */
function isPath(text: string, nameStart: number): boolean {
  return text[nameStart - 1] === "/" && !/^(?:|\s|[?&/])$/.test(text[nameStart - 2] ?? "")
    ? true
    : /^\/(?:etc|usr|var|home|run|root)$/.test(text.slice(Math.max(0, nameStart - 5), nameStart).trim());
}

function readPassword(
  text: string,
  readValue: ReadValue,
  name: { readonly start: number; readonly before: string; readonly isFlag: boolean },
  nameEnd: number,
  spelled: string,
) {
  const end = (expression: RegExp) => {
    expression.lastIndex = nameEnd;
    return expression.test(text) ? expression.lastIndex : undefined;
  };
  const assigned = end(separator);
  if (assigned !== undefined) {
    const value = readValue(assigned);
    if (value === undefined) return undefined;
    const content = text.slice(value.start, value.end);
    if (isPlaceholder(content)) return undefined;
    if (spelled.toUpperCase() === "PWD" && content.startsWith("/")) return undefined;
    // `"password": 67` is the index of a word in a vocabulary. A password in JSON would be a string.
    if (!value.isQuoted && /^\d+$/.test(content) && /^\\*["']/.test(text.slice(nameEnd, assigned)))
      return undefined;
    const isColon = /:\s*\[?$/.test(text.slice(nameEnd, assigned));
    if (!value.isQuoted && isColon && isProse(content, text.slice(value.end, value.end + 3)))
      return undefined;
    return value;
  }
  const asked = end(prompt);
  if (asked !== undefined && !text.slice(nameEnd, asked).includes("=")) {
    const value = readValue(asked);
    return value === undefined || isPlaceholder(text.slice(value.start, value.end)) ? undefined : value;
  }
  const next = end(listed);
  if (next !== undefined) {
    const value = readValue(next);
    if (value === undefined) return undefined;
    const content = text.slice(value.start, value.end);
    const isPassword = name.isFlag ? !content.startsWith("-") : looksLikePassword(content);
    return isPassword && !isPlaceholder(content) ? value : undefined;
  }
  const cell = end(column);
  if (cell !== undefined) {
    const value = readValue(cell);
    const content = value === undefined ? "" : text.slice(value.start, value.end);
    return looksLikePassword(content) && !isPlaceholder(content) ? value : undefined;
  }
  const after = end(blank);
  return after === undefined ? undefined : readAfterBlank(text, readValue, name, after);
}

/** Reads a password after a blank, as in `--password secret`, `ENV VNC_PASSWORD secret` and `login ana password secret`. */
function readAfterBlank(
  text: string,
  readValue: ReadValue,
  name: { readonly start: number; readonly before: string; readonly isFlag: boolean },
  at: number,
) {
  const value = readValue(at);
  if (value === undefined) return undefined;
  const content = text.slice(value.start, value.end);
  if (isPlaceholder(content)) return undefined;
  const line = text.slice(
    Math.max(0, text.lastIndexOf("\n", name.start - 1) + 1, name.start - 200),
    name.start,
  );
  if (name.isFlag) return /^[A-Z]+\]?$/.test(content) || content.startsWith("<") ? undefined : value;
  if (/\bENV\s+$/i.test(line) && /[A-Z]/.test(name.before)) return value;
  if (/\b(?:login|user|account)\s+\S+\s+$/.test(line)) return value;
  // In netrc the password may be the only entry of a line.
  return /^\s*$/.test(line) &&
    name.before === "" &&
    /^\s*$/.test(text.slice(value.end, value.end + 2)) &&
    looksLikePassword(content)
    ? value
    : undefined;
}

/** Returns whether a value is a word in a sentence, as in `password: must be long`. */
function isProse(value: string, after: string): boolean {
  return /^(?:[A-Za-z]?[a-z]+|[A-Z]+)[,.;:!?]?$/.test(value) && /^[,.;]?\s+[A-Za-z(]/.test(after);
}

function looksLikePassword(value: string): boolean {
  return (
    (value.length >= 6 && (/\d/.test(value) ? /[A-Za-z]/.test(value) : /[^A-Za-z\s-]/.test(value))) ||
    looksRandom(value)
  );
}
