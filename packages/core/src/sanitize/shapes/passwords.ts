import type { Rule, Span } from "./spans.ts";
import { createValueReader, isPlaceholder, looksChosen, looksRandom, type ReadValue } from "./values.ts";

/** The word for a password at the end of a name, with a suffix such as in `password1`, `passwords` and `password_b64`. */
const word =
  /(?:(?<!ch|no)pass(?:word|wd|phrase|code|wort)|kennwort|contrase(?:ñ|\xc3\xb1)a|mot de passe(?=\s?:)|(?<![a-z]|NO)pwd|(?<![A-Za-z0-9])pw|pass)(?:s|\d{1,3}|_?(?:value|text|plain|plaintext|raw|b64|base64|clear|string|hash|confirm|confirmation|repeat|again))?(?![A-Za-z0-9_]|-(?!>))/gi;

/** `=`, `:` and similar separators, with the quotes that close the name in front of them. */
const separator =
  /(?:\\*["'`[\]]{0,3}(?:%5B)?(?:%5D)?\s{0,8}(?:=>|(?<!\s)->(?=\S)|[:?+]=|==?|:(?!\/\/)|%3D|%3A|\\u003[dD]|>(?=[^<>\s]+<\/))\s{0,8}\[?|%2[27](?:%3A|%3D)(?:%20|\+)?(?:%2[27])?|"\s{1,4}value\s?=\s?|(?:\s[\w:-]{1,30}="[^"<>]{0,60}"){1,3}\s?>(?=[^<>\s])|&gt;|>\s?<!\[CDATA\[|\\{0,3}["']\s?,\s?\\{0,3}["']value\\{0,3}["']\s?:\s?|"(?:\\{1,2}r\\{1,2}n){2})/iy;
/** `password for ubuntu:`, `passphrase for key '/home/ubuntu/.ssh/id_ed25519':`, `password [default]:`, `password is:` */
const prompt = /\s(?:(?:for|of)\s[^=]{1,200}?|\[[^\]]{1,60}\]|is|was|lautet|hash):\s{1,8}/iy;
/** `password is …`, `password for the database is …` */
const told = /\s(?:(?:for|of)\s[\w .@'-]{1,60}?\s)?(?:is|was|lautet|to)\s{1,4}/iy;
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
    if (/^pass$/i.test(match[0]) && !isShortName(text, match.index, nameEnd)) continue;
    const name = readName(text, match.index);
    if (isPath(text, name.start)) continue;
    const found = readPassword(text, readValue, name, nameEnd, match[0]);
    if (found === undefined) continue;
    spans.push(found);
    maskedEnd = found.end;
  }
};

/** `PASS`, `DB_PASS`, `db-pass`, `adminPass`, `dbpass` and the `pass` of `user=ana,pass=` are names of passwords; `pass` and `compass` are words. */
function isShortName(text: string, start: number, end: number): boolean {
  const spelled = text.slice(start, end);
  const before = text[start - 1] ?? " ";
  if (spelled === "PASS" && !/[A-Za-z]/.test(before)) return true;
  if (spelled === "Pass" && /[a-z_-]/.test(before)) return true;
  if (/(?:^|[\s"'])--?$/.test(text.slice(Math.max(0, start - 3), start))) return true;
  if (ownersOfPasswords.test(text.slice(Math.max(0, start - 10), start))) return true;
  const value = /^["']?\s?[=:]\s?["']?([^\s"';,&]+)/.exec(text.slice(end, end + 80));
  return !/[A-Za-z0-9]/.test(before) && looksChosen(value?.[1] ?? "");
}

interface Name {
  readonly start: number;
  readonly before: string;
  readonly isFlag: boolean;
}

const ownersOfPasswords =
  /(?:db|database|ssh|sudo|become|user|admin|root|auth|ftp|smtp|mail|imap|sql|http|https|proxy|pg|redis|vnc|login|bind|git|key|cert|basic|master)[_-]?$/i;

/** Reads the part of a name in front of the word that ends it, as in `--db-password` and `MLFLOW_TRACKING_PASSWORD`. */
function readName(text: string, wordStart: number): Name {
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

function readPassword(text: string, readValue: ReadValue, name: Name, nameEnd: number, spelled: string) {
  const end = (expression: RegExp) => {
    expression.lastIndex = nameEnd;
    return expression.test(text) ? expression.lastIndex : undefined;
  };
  const assigned = end(separator);
  if (assigned !== undefined) return readAssigned(text, readValue, name, nameEnd, assigned);
  for (const expression of [prompt, told]) {
    const at = end(expression);
    if (at === undefined) continue;
    const value = readValue(at);
    if (value === undefined) return undefined;
    const content = text.slice(value.start, value.end);
    if (isPlaceholder(content) || (value.isQuoted && isClosingQuote(text, name.start, value.start - 1)))
      return undefined;
    if (!value.isQuoted && isProse(content, text.slice(value.end, value.end + 3))) return undefined;
    return expression === prompt || value.isQuoted || looksChosen(content) ? value : undefined;
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
  return after === undefined ? undefined : readAfterBlank(text, readValue, name, after, spelled);
}

/** Reads a password after `=` or `:`. */
function readAssigned(text: string, readValue: ReadValue, name: Name, nameEnd: number, assigned: number) {
  const value = unwrap(text, readValue(assigned));
  if (value === undefined) return undefined;
  const content = text.slice(value.start, value.end);
  const spelled = text.slice(name.start, nameEnd);
  // `PWD={…}` in a connection string is quoted by its braces.
  const braced =
    /^\{[^{}]/.test(content) &&
    /\b(?:uid|user id|server|driver)\b/i.test(text.slice(Math.max(0, name.start - 200), name.start));
  if (braced) {
    const close = text.slice(value.start, value.start + 256).indexOf("}");
    if (close > 1) return { start: value.start + 1, end: value.start + close };
  }
  if (isPlaceholder(content)) return undefined;
  if (/^pwd$/i.test(spelled) && content.startsWith("/")) return undefined;
  if (/(?:^|_)pw$/i.test(spelled) && !looksChosen(content)) return undefined;
  // `--password=PASS` in a help text
  if (name.isFlag && /^[A-Z_]+\]?$/.test(content)) return undefined;
  if (value.isQuoted && isClosingQuote(text, name.start, value.start - 1)) return undefined;
  // `"password": 67` is the index of a word in a vocabulary. A password in JSON would be a string.
  if (!value.isQuoted && /^\d+$/.test(content) && /^\\*["']/.test(text.slice(nameEnd, assigned)))
    return undefined;
  const isColon = /:\s*\[?$/.test(text.slice(nameEnd, assigned));
  if (!value.isQuoted && isColon && isProse(content, text.slice(value.end, value.end + 3))) {
    const phrase = /^(?:[a-z]{3,9}[ -]){2,7}[a-z]{3,9}(?=\s*$|\s*["'\r\n])/.exec(
      text.slice(value.start, value.start + 90),
    )?.[0];
    return phrase !== undefined && !wordsOfProse.test(phrase)
      ? { start: value.start, end: value.start + phrase.length }
      : undefined;
  }
  // In `"NAME=a password with blanks"` the quotes enclose the name too.
  const quote = text[name.start - 1] ?? "";
  if (!value.isQuoted && /["']/.test(quote) && text[nameEnd] === "=") {
    const rest = /^[^"'=\r\n\\]{1,128}/.exec(text.slice(value.end, value.end + 128))?.[0] ?? "";
    if (text[value.end + rest.length] === quote) return { start: value.start, end: value.end + rest.length };
  }
  return value;
}

/** Returns whether a quote closes the text that the name of the password is part of, as in `input("Password: ")`. */
function isClosingQuote(text: string, nameStart: number, quoteAt: number): boolean {
  const quote = text[quoteAt] ?? "";
  if (!/["']/.test(quote) || text[quoteAt - 1] === "\\" || !/\s/.test(text[quoteAt - 1] ?? "")) return false;
  const lineStart = Math.max(0, nameStart - 200, text.lastIndexOf("\n", nameStart - 1) + 1);
  const before = text.slice(lineStart, quoteAt).replaceAll(/[A-Za-z]'[A-Za-z]/g, "");
  return before.split(quote).length % 2 === 0;
}

const wordsOfProse =
  /\b(?:must|should|can|may|will|has|have|had|been|the|for|not|and|are|was|is|be|to|of|in|at|or|with|your|you|least|than|long|characters?|required|changed|too|short|invalid|incorrect|expired|missing|set|use|used|enter|please|only|from|see|this|that|read|found|given|provided|login|failed|user|authentication|prompt|file|hash|field|option|none|but|all|any|key|keyboard)\b/;

/** Returns the literal in `SecretBox('…')`. */
function unwrap(text: string, value: (Span & { readonly isQuoted: boolean }) | undefined) {
  if (value === undefined || value.isQuoted) return value;
  const call =
    /^(?:\w{0,20}(?:secret|password)\w{0,20}|quote|quote_plus|str|bytes)\(["']([^"'()]{1,256})["']/i.exec(
      text.slice(value.start, value.start + 320),
    );
  if (call === null) return value;
  const end = value.start + call[0].length - 1;
  return { start: end - (call[1] ?? "").length, end, isQuoted: true };
}

/** Reads a password after a blank, as in `--password secret`, `ENV VNC_PASSWORD secret` and `login ana password secret`. */
function readAfterBlank(text: string, readValue: ReadValue, name: Name, at: number, spelled: string) {
  const value = readValue(at);
  if (value === undefined) return undefined;
  const content = text.slice(value.start, value.end);
  if (isPlaceholder(content)) return undefined;
  const line = text.slice(
    Math.max(0, text.lastIndexOf("\n", name.start - 1) + 1, name.start - 200),
    name.start,
  );
  if (name.isFlag) return /^[A-Z]+\]?$/.test(content) || content.startsWith("<") ? undefined : value;
  if (/\b(?:ENV|setenv)\s+$/i.test(line) && /[A-Z]/.test(name.before)) return value;
  if (/\b(?:login|user|account)\s+\S+\s+$/.test(line)) return value;
  const isAlone = /^\s*$/.test(text.slice(value.end, value.end + 2));
  // In netrc the password may be the only entry of a line.
  if (name.before === "" && spelled === "password" && /^\s*$/.test(line) && isAlone)
    return looksLikePassword(content) ||
      /^(?:\s+|password\s)[a-z]{8,}$/.test(text.slice(name.start, value.end))
      ? value
      : undefined;
  // `use password hunter2!`, `the password "hunter2"`
  return name.before === "" &&
    (looksChosen(content.replace(/[.,;:]+$/, "")) || (value.isQuoted && looksLikePassword(content)))
    ? value
    : undefined;
}

/** Returns whether a value is a word in a sentence, as in `password: must be long`. */
function isProse(value: string, after: string): boolean {
  return /^(?:[A-Za-z]?[a-z]+|[A-Z]+)[,.;:!?]?$/.test(value) && /^(?:[,.;]?\s+[A-Za-z(]|'[a-z])/.test(after);
}

function looksLikePassword(value: string): boolean {
  return (
    (value.length >= 6 && (/\d/.test(value) ? /[A-Za-z]/.test(value) : /[^A-Za-z\s-]/.test(value))) ||
    looksRandom(value)
  );
}
